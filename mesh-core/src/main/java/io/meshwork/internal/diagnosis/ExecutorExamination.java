package io.meshwork.internal.diagnosis;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.grants.DecisionEntry;
import io.meshwork.internal.ledger.PartitionVerification;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.leftovers.DataFolder;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.session.ClientSession;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Examines what executors of other accounts wrote for a domain: their logs and documents, and
 * whether an authorization covers each document.
 */
final class ExecutorExamination {
  private final ClientSession session;
  private final String domain;
  private final ClockExamination clock;
  private final DataFolder folder;

  ExecutorExamination(
      ClientSession session, String domain, ClockExamination clock, DataFolder folder) {
    this.session = session;
    this.domain = domain;
    this.clock = clock;
    this.folder = folder;
  }

  /**
   * Examines the partitions of all executors.
   *
   * @param ofDomain the documents of the domain, which name the executors
   */
  void examine(PartitionVerification ofDomain, List<Finding> findings) {
    Set<String> executors = new LinkedHashSet<>();
    Deque<PartitionVerification> checks = new ArrayDeque<>(List.of(ofDomain));
    while (!checks.isEmpty()) {
      for (String sort : checks.remove().documents()) {
        if (sort.startsWith(RegistryKeys.EXECUTORS)) {
          String account = sort.substring(RegistryKeys.EXECUTORS.length());
          String partition = RegistryKeys.executorPartition(domain, account);
          if (executors.add(partition)) {
            checks.add(examine(partition, findings));
          }
        }
      }
    }
    if (!executors.isEmpty()) {
      examineRights(findings);
    }
  }

  private PartitionVerification examine(String partition, List<Finding> findings) {
    PartitionVerification check = session.ledger().examine(partition);
    findings.addAll(check.findings());
    clock.examine(partition, check, findings);
    new ArchiveExamination(session, partition, folder).examine(findings);
    return check;
  }

  private void examineRights(List<Finding> findings) {
    RightsDocuments documents = session.rights().with(Map.of());
    for (VersionedDocument stored : documents.uncovered(domain, DecisionEntry::isApproval)) {
      findings.add(
          new Finding(
              FindingCode.NO_AUTHORIZATION,
              Finding.Severity.WARNING,
              stored.key().toString(),
              stored.isUnreadable()
                  ? "An executor wrote this, and this version cannot read it: it gives no access."
                  : "An executor wrote this, and no authorization covers it: it gives no access.",
              0,
              List.of(),
              "Find out who wrote it, then remove it with revoke(\"" + stored.key() + "\")."));
    }
  }
}
