package io.meshwork.internal.audit;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.governance.Checkpoint;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.PartitionCheck;
import io.meshwork.internal.maintenance.MaintenanceOperations;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Verifies logs, and tells of each the first link that is broken. */
final class AuditVerification {
  private static final String MEND =
      "Keep the registry as it is, for it is evidence; restore a backup beside it and compare.";

  private final ClientSession session;

  AuditVerification(ClientSession session) {
    this.session = session;
  }

  List<Finding> of(Collection<String> partitions) {
    List<Finding> found = new ArrayList<>();
    for (String partition : partitions) {
      PartitionCheck check = session.ledger().examine(partition, Set.of());
      if (check.isEmpty() && isNamed(partition)) {
        found.add(missing(partition));
      }
      // What is found after a broken link is most often only what follows from it.
      Optional<Finding> broken =
          check.findings().stream()
              .filter(finding -> finding.code().startsWith("LOG_"))
              .findFirst();
      if (broken.isPresent()) {
        found.add(broken.get());
      } else {
        found.addAll(check.findings());
      }
      found.addAll(MaintenanceOperations.examineArchives(session, partition));
    }
    return List.copyOf(found);
  }

  /** What is not as a checkpoint says that it was; entries that came since are no matter. */
  List<Finding> against(Checkpoint checkpoint, Collection<Finding> broken) {
    List<Finding> found = new ArrayList<>();
    for (Checkpoint.Head head : checkpoint.heads()) {
      if (hash(head.log(), head.sequence()).equals(head.hash())) {
        continue;
      }
      long last = lastUpTo(head);
      String where = head.log() + " · entry ";
      if (last == 0) {
        found.add(of("LOG_REMOVED", where + 1, "The log is not there", head, checkpoint));
      } else if (last < head.sequence()) {
        found.add(
            of("LOG_CUT", where + (last + 1), "The log ends at entry " + last, head, checkpoint));
      } else {
        found.add(
            of(
                "LOG_REWRITTEN",
                where + head.sequence(),
                "The entry is not the one that was there, so it or one before it was rewritten",
                head,
                checkpoint));
      }
    }
    found.removeIf(
        finding ->
            broken.stream()
                .anyMatch(
                    other ->
                        other.code().startsWith("LOG_") && logOf(other).equals(logOf(finding))));
    return found;
  }

  /** The last entry that is there, of a log without gaps; not beyond the checkpoint. */
  private long lastUpTo(Checkpoint.Head head) {
    long there = 0;
    long missing = head.sequence() + 1;
    while (missing - there > 1) {
      long middle = (there + missing) >>> 1;
      if (hash(head.log(), middle).isEmpty()) {
        missing = middle;
      } else {
        there = middle;
      }
    }
    return there;
  }

  /** What an entry has as its hash; empty if there is no entry, and a word if it is unreadable. */
  private String hash(String log, long sequence) {
    try {
      return session
          .ledger()
          .entry(log, sequence)
          .map(entry -> entry.json().path("hash").asText("none"))
          .orElse("");
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      return "unreadable";
    }
  }

  private static String logOf(Finding finding) {
    return finding.where().substring(0, Math.max(0, finding.where().indexOf(" · ")));
  }

  private static Finding of(
      String code, String where, String what, Checkpoint.Head head, Checkpoint checkpoint) {
    return Finding.error(
        code,
        where,
        what + "; at " + checkpoint.at() + " it had " + head.sequence() + " entries.",
        MEND);
  }

  /** A domain has a log only once something was written there; a product always has one. */
  private boolean isNamed(String partition) {
    int slash = partition.indexOf('/');
    return slash > 0
        && session
            .ledger()
            .holds(
                new Key(
                    partition.substring(0, slash),
                    RegistryKeys.PRODUCTS + partition.substring(slash + 1)));
  }

  static Finding missing(String partition) {
    return Finding.error(
        "LOG_MISSING",
        partition + " · head",
        "The log is not there, and other documents name what it was of.",
        MEND);
  }
}
