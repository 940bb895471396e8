package io.meshwork.internal.ledger;

import io.meshwork.error.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a look at one partition found. Immutable.
 *
 * @param findings what is wrong
 * @param documents sort keys of all documents that are there or that the log says are there, except
 *     the log and rows of attempts
 * @param entries how many entries its log has
 * @param silentAttempts attempts whose entries do not name what they wrote
 * @param newest the time of the newest entry; empty if there is none
 */
public record PartitionCheck(
    List<Finding> findings,
    Set<String> documents,
    long entries,
    Set<String> silentAttempts,
    Optional<Instant> newest) {
  /** Copies all of it. */
  public PartitionCheck {
    findings = List.copyOf(findings);
    documents = Set.copyOf(documents);
    silentAttempts = Set.copyOf(silentAttempts);
  }

  /** True if there is nothing of this partition. */
  public boolean isEmpty() {
    return documents.isEmpty() && entries == 0 && findings.isEmpty();
  }
}
