package io.meshwork.governance;

import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.PartitionCheck;
import io.meshwork.internal.session.Session;
import io.meshwork.maintenance.Doctor;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Verifies logs, and tells of each the first link that is broken. */
final class AuditVerification {
  private final Session session;

  AuditVerification(Session session) {
    this.session = session;
  }

  List<Finding> of(Collection<String> partitions) {
    List<Finding> found = new ArrayList<>();
    Doctor doctor = new Doctor(session);
    for (String partition : partitions) {
      PartitionCheck check = session.ledger().examine(partition, Set.of());
      if (check.isEmpty() && isNamed(partition)) {
        found.add(missing(partition));
      }
      // What is found after a broken link is most often only what follows from it.
      Optional<Finding> broken =
          check.findings().stream().filter(finding -> finding.code().startsWith("LOG_")).findFirst();
      if (broken.isPresent()) {
        found.add(broken.get());
      } else {
        found.addAll(check.findings());
      }
      found.addAll(doctor.examineArchives(partition));
    }
    return List.copyOf(found);
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
                    Keys.PRODUCTS + partition.substring(slash + 1)));
  }

  static Finding missing(String partition) {
    return Finding.error(
        "LOG_MISSING",
        partition + " · head",
        "The log is not there, and other documents name what it was of.",
        "Restore the registry from a backup and compare; do not write to this log before.");
  }
}
