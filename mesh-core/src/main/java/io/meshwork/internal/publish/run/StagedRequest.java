package io.meshwork.internal.publish.run;

import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.replacement.BaseSnapshot;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Table;

/**
 * The request by which rows were staged, which their promotion repeats.
 *
 * @param intent what it does
 * @param fingerprint distinguishes it from another under the same key
 * @param bases the state at that time of each major version that a publish wrote then
 * @param stagedAt that time
 * @param rowsDigest the digest of the rows; empty if it was not computed
 */
public record StagedRequest(
    PublishIntent intent,
    String fingerprint,
    Map<Integer, BaseSnapshot> bases,
    Instant stagedAt,
    Optional<String> rowsDigest) {
  /**
   * The state of a major version at that time.
   *
   * @param table its table
   */
  BaseSnapshot base(int major, Table table) {
    BaseSnapshot base = bases.get(major);
    return base == null ? BaseSnapshot.before(table, stagedAt) : base;
  }
}
