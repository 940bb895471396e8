package io.meshwork.internal.publish.run;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.quarantine.QuarantinedRowIds;
import java.util.List;
import org.apache.iceberg.Table;

/** Quarantined rows that a publish takes out of the quarantines. */
public interface QuarantineRemoval {
  /** The rows that were read and offered. */
  QuarantinedRowIds rows();

  /** The quarantine of a major version; the leading one's as the rows were read. */
  Table quarantine(int major);

  /** Findings on rows that were selected, and stay in the quarantine. */
  List<Finding> skipped();

  /**
   * Requires that the rows are in no other major version that the publish writes.
   *
   * @param others the other major versions
   * @throws io.meshwork.error.ConflictException if some may be in one
   */
  void checkMissingIn(List<Integer> others, MeshAction action);
}
