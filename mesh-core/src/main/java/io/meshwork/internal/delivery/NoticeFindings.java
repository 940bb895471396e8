package io.meshwork.internal.delivery;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.delivery.NoticeCursor.FailingNotice;
import io.meshwork.internal.delivery.NoticeCursor.OlderParked;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.text.Count;
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
    for (VersionedDocument stored : ledger.listLenient(partition, UnloggedDocuments.CURSORS)) {
      String where = stored.key().toString();
      stored
          .readAs(NoticeCursor::of)
          .ifPresentOrElse(
              cursor -> examine(where, cursor, findings), () -> findings.add(damaged(where)));
    }
    return findings;
  }

  /** Adds the parked notices to the number of the domain that wrote the log. */
  static void countParked(Ledger ledger, String partition, Map<String, Long> byDomain) {
    for (VersionedDocument stored : ledger.listLenient(partition, UnloggedDocuments.CURSORS)) {
      long parked = stored.readAs(NoticeCursor::of).map(NoticeCursor::parkedCount).orElse(0L);
      if (parked > 0) {
        byDomain.merge(PartitionCatalogs.domain(NoticeCursor.log(stored.key())), parked, Long::sum);
      }
    }
  }

  private static void examine(String where, NoticeCursor cursor, List<Finding> findings) {
    if (cursor.parkedCount() > 0) {
      findings.add(
          new Finding(
              FindingCode.NOTICE_PARKED,
              Severity.WARNING,
              where,
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
              "Fix the notifier, then call mesh.retryParkedNotices(). If no process uses it,"
                  + " call mesh.forgetNotifier(..)."));
    }
    cursor
        .failing()
        .ifPresent(failing -> findings.add(failing(where, isOfEvent(failing), List.of(failing))));
  }

  /** Returns the finding of a delivery that failed before it knew what to deliver. */
  static Finding undelivered(RuntimeException failure) {
    return Finding.error(
        FindingCode.MAINTENANCE_FAILED,
        "notices",
        "They were not delivered: "
            + (failure instanceof MeshException named
                ? named.getMessage()
                : failure.getClass().getName()),
        "Nothing, if the next delivery succeeds.");
  }

  static Finding damaged(String where) {
    return Finding.error(
        FindingCode.NOTICE_POSITION_DAMAGED,
        where,
        "The positions of notifiers cannot be read.",
        "Restore the registry from a backup, or call mesh.forgetNotifier(..): the notifier"
            + " starts again.");
  }

  /** Says what a retry of notices does that are too many to be named. */
  private static String repeats(OlderParked older) {
    return " Of the oldest "
        + older.count()
        + ", only the events are known, "
        + older.first()
        + " to "
        + older.last()
        + ": a retry delivers all notices of these events, also delivered ones, with the"
        + " same IDs.";
  }

  /** Returns true for an event whose notices cannot be created. */
  static boolean isOfEvent(FailingNotice failing) {
    return NoticeId.parse(failing.notice()).filter(NoticeId::isOfAll).isPresent();
  }

  /**
   * Returns the finding of notices that are retried, or of events whose notices cannot be created.
   *
   * @param isOfEvent true for events
   * @param failing at least one, each of another log
   */
  static Finding failing(String where, boolean isOfEvent, List<FailingNotice> failing) {
    int count = failing.size();
    FailingNotice next = failing.get(0);
    return new Finding(
        isOfEvent ? FindingCode.NOTICE_NOT_MADE : FindingCode.NOTICE_FAILING,
        isOfEvent ? Severity.WARNING : Severity.NOTE,
        where,
        (isOfEvent ? "Making the notices of an event failed " : "A notice failed ")
            + Count.of(next.tries(), "time", "times")
            + " with "
            + next.failure()
            + "; it is retried from "
            + next.retryAt()
            + ", and later notices of its log wait."
            + (count == 1 ? "" : " In all, " + count + " logs wait for such a retry."),
        count,
        failing.stream().map(FailingNotice::notice).limit(SAMPLES).toList(),
        (isOfEvent
                ? "Run the doctor, and fix the document that it names; after "
                : "Check the notifier; after ")
            + NoticeCursor.TRIES
            + " attempts, "
            + (isOfEvent ? "the event" : "the notice")
            + " is parked.");
  }
}
