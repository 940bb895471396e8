package io.meshwork.internal.delivery;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.delivery.NoticeCursor.FailingNotice;
import io.meshwork.internal.delivery.NoticeCursor.OlderParked;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Count;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

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

  private static void examine(VersionedDocument stored, List<Finding> findings) {
    NoticeCursor cursor = NoticeCursor.of(stored);
    if (cursor.parkedCount() > 0) {
      findings.add(
          new Finding(
              FindingCode.NOTICE_PARKED,
              Severity.WARNING,
              stored.key().toString(),
              Count.of(cursor.parkedCount(), "notice was", "notices were")
                  + " parked after "
                  + NoticeCursor.TRIES
                  + " attempts, or at once if a retry cannot help; the last one failed with "
                  + cursor.lastFailure().orElse("")
                  + ". Later notices were delivered."
                  + cursor.older().map(NoticeFindings::repeats).orElse(""),
              cursor.parkedCount(),
              cursor.parked().stream()
                  .limit(SAMPLES)
                  .map(NoticeCursor.ParkedNotice::notice)
                  .toList(),
              "Fix the notifier, then call mesh.retryParkedNotices()."));
    }
    cursor.failing().ifPresent(failing -> findings.add(of(stored.key().toString(), failing)));
  }

  /** Says what a retry of notices does that are too many to be named. */
  static String repeats(OlderParked older) {
    return " Of the oldest "
        + older.count()
        + ", only the events are known, "
        + older.first()
        + " to "
        + older.last()
        + ": a retry delivers all notices of these events, also those that were delivered, with the"
        + " same IDs.";
  }

  private static Finding of(String where, FailingNotice failing) {
    boolean isOfEvent =
        NoticeId.parse(failing.notice()).filter(NoticeId::isOfEvent).isPresent();
    return new Finding(
        isOfEvent ? FindingCode.NOTICE_NOT_MADE : FindingCode.NOTICE_FAILING,
        isOfEvent ? Severity.WARNING : Severity.NOTE,
        where,
        (isOfEvent ? "Making the notices of an event failed " : "A notice failed ")
            + Count.of(failing.tries(), "time", "times")
            + " with "
            + failing.failure()
            + "; it is retried from "
            + failing.retryAt()
            + ", and later notices wait.",
        1,
        List.of(failing.notice()),
        (isOfEvent
                ? "Fix what the other findings name, such as a damaged document; after "
                : "Check the notifier; after ")
            + NoticeCursor.TRIES
            + (isOfEvent ? " attempts the event is parked." : " attempts the notice is parked."));
  }
}
