package io.meshwork.internal.audit;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.diagnosis.DiagnosisOperations;
import io.meshwork.internal.ledger.PartitionVerification;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Verifies logs, and reports the first broken link of each. */
final class AuditVerification {
  private static final String FIX =
      "Keep the registry unchanged as evidence. Restore a backup beside it and compare.";

  private final ClientSession session;

  AuditVerification(ClientSession session) {
    this.session = session;
  }

  List<Finding> of(Collection<String> partitions) {
    List<Finding> findings = new ArrayList<>();
    for (String partition : partitions) {
      PartitionVerification check = session.ledger().examine(partition);
      if (check.isEmpty() && isProduct(partition)) {
        findings.add(missing(partition));
      }
      // Findings after a broken link usually follow from it.
      Optional<Finding> broken =
          check.findings().stream().filter(AuditVerification::isOfLog).findFirst();
      if (broken.isPresent()) {
        findings.add(broken.get());
      } else {
        findings.addAll(check.findings());
      }
      findings.addAll(DiagnosisOperations.examineArchives(session, partition));
    }
    return List.copyOf(findings);
  }

  /** Differences from a checkpoint; later entries are ignored. */
  List<Finding> against(SignedCheckpoint checkpoint, Collection<Finding> broken) {
    List<Finding> findings = new ArrayList<>();
    for (SignedCheckpoint.Head head : checkpoint.heads()) {
      if (hash(head.log(), head.sequence()).equals(head.hash())) {
        continue;
      }
      long last = lastUpTo(head);
      String where = head.log() + " · entry ";
      if (last == 0) {
        findings.add(
            of(FindingCode.LOG_REMOVED, where + 1, "The log does not exist", head, checkpoint));
      } else if (last < head.sequence()) {
        findings.add(
            of(
                FindingCode.LOG_CUT,
                where + (last + 1),
                "The log ends at entry " + last,
                head,
                checkpoint));
      } else {
        findings.add(
            of(
                FindingCode.LOG_REWRITTEN,
                where + head.sequence(),
                "The entry differs, so it or an earlier one was rewritten",
                head,
                checkpoint));
      }
    }
    findings.removeIf(
        finding ->
            broken.stream()
                .anyMatch(other -> isOfLog(other) && logOf(other).equals(logOf(finding))));
    return findings;
  }

  /** The last existing entry up to the checkpoint, for a log without gaps. */
  private long lastUpTo(SignedCheckpoint.Head head) {
    long existing = 0;
    long missing = head.sequence() + 1;
    while (missing - existing > 1) {
      long middle = (existing + missing) >>> 1;
      if (hash(head.log(), middle).isEmpty()) {
        missing = middle;
      } else {
        existing = middle;
      }
    }
    return existing;
  }

  /** The hash of an entry; empty if it does not exist, {@code unreadable} if it cannot be read. */
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

  private static boolean isOfLog(Finding finding) {
    return finding.code().area() == FindingCode.Area.LOG;
  }

  private static String logOf(Finding finding) {
    return finding.where().substring(0, Math.max(0, finding.where().indexOf(" · ")));
  }

  private static Finding of(
      FindingCode code,
      String where,
      String what,
      SignedCheckpoint.Head head,
      SignedCheckpoint checkpoint) {
    return Finding.error(
        code,
        where,
        what + "; at " + checkpoint.at() + " it had " + head.sequence() + " entries.",
        FIX);
  }

  /** True for the partition of a product, which always has a log. */
  private boolean isProduct(String partition) {
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
        FindingCode.LOG_MISSING,
        partition + " · head",
        "The log does not exist, but other documents refer to its product.",
        FIX);
  }
}
