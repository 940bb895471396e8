package io.meshwork.internal.delivery;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.Count;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The doctor's findings about notices that were not delivered. */
final class NoticeFindings {
  private static final int SAMPLES = 5;

  private NoticeFindings() {}

  /**
   * Returns a finding for each notifier and log with parked notices or with a notice to retry.
   *
   * @param partition the partition with the positions of notifiers
   */
  static List<Finding> of(Ledger ledger, String partition) {
    List<Finding> findings = new ArrayList<>();
    try {
      for (VersionedDocument stored : ledger.list(partition, UnloggedDocuments.CURSORS)) {
        examine(stored, findings);
      }
    } catch (BackendException | DateTimeParseException e) {
      if (e instanceof BackendException failed && failed.retryable()) {
        throw failed;
      }
      findings.add(
          Finding.error(
              FindingCode.NOTICE_POSITION_DAMAGED,
              partition + " · " + UnloggedDocuments.CURSORS,
              "The positions of notifiers cannot be read (" + e.getClass().getSimpleName() + ").",
              "Restore the registry from a backup."));
    }
    return findings;
  }

  /** Adds the number of parked notices to those of the domain that wrote the log. */
  static void countParked(Ledger ledger, String partition, Map<String, Long> byDomain) {
    for (VersionedDocument stored : ledger.list(partition, UnloggedDocuments.CURSORS)) {
      int parked = NoticeCursor.of(stored).parked().size();
      if (parked > 0) {
        byDomain.merge(
            PartitionCatalogs.domain(NoticeCursor.log(stored.key())), (long) parked, Long::sum);
      }
    }
  }

  private static void examine(VersionedDocument stored, List<Finding> findings) {
    NoticeCursor cursor = NoticeCursor.of(stored);
    if (!cursor.parked().isEmpty()) {
      List<NoticeCursor.ParkedNotice> parked = cursor.parked();
      findings.add(
          new Finding(
              FindingCode.NOTICE_PARKED,
              Severity.WARNING,
              stored.key().toString(),
              Count.of(parked.size(), "notice was", "notices were")
                  + " parked after "
                  + NoticeCursor.TRIES
                  + " attempts, or at once if a retry cannot help; the last one failed with "
                  + parked.get(parked.size() - 1).failure()
                  + ". Later notices were delivered.",
              parked.size(),
              parked.stream().limit(SAMPLES).map(NoticeCursor.ParkedNotice::notice).toList(),
              "Fix the notifier, then call mesh.retryParkedNotices()."));
    }
    cursor
        .failing()
        .ifPresent(
            failing ->
                findings.add(
                    new Finding(
                        FindingCode.NOTICE_FAILING,
                        Severity.NOTE,
                        stored.key().toString(),
                        "A notice failed "
                            + failing.tries()
                            + (failing.tries() == 1 ? " time" : " times")
                            + " with "
                            + failing.failure()
                            + "; it is retried from "
                            + failing.retryAt()
                            + ", and later notices wait.",
                        1,
                        List.of(failing.notice()),
                        "Check the notifier; after "
                            + NoticeCursor.TRIES
                            + " attempts the notice is parked.")));
  }
}
