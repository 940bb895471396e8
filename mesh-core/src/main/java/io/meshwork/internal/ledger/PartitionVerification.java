package io.meshwork.internal.ledger;

import io.meshwork.error.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The result of the verification of one partition. Immutable.
 *
 * @param findings the findings; empty if there are none
 * @param documents sort keys of all documents that exist or that the log contains, except the log
 *     and rows of attempts
 * @param entries the number of log entries
 * @param newest the time of the newest entry; empty if there is none
 */
public record PartitionVerification(
    List<Finding> findings, Set<String> documents, long entries, Optional<Instant> newest) {
  public PartitionVerification {
    findings = List.copyOf(findings);
    documents = Set.copyOf(documents);
  }

  /** True if the partition does not exist. */
  public boolean isEmpty() {
    return documents.isEmpty() && entries == 0 && findings.isEmpty();
  }
}
