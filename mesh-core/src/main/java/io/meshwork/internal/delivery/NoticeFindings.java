package io.meshwork.internal.delivery;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** What the doctor says of notices that did not arrive. */
public final class NoticeFindings {
  private static final int SAMPLES = 5;

  private NoticeFindings() {}

  /**
   * One finding a notifier and log with parked notices, and one with a notice that is retried.
   *
   * @param governance of the catalog in which the logs lie
   */
  public static List<Finding> of(Ledger ledger, String governance) {
    List<Finding> findings = new ArrayList<>();
    try {
      for (VersionedDocument stored : ledger.list(governance, UnloggedDocuments.CURSORS)) {
        examine(stored, findings);
      }
    } catch (BackendException | DateTimeParseException e) {
      findings.add(
          Finding.error(
              "CURSOR_DAMAGED",
              governance + " · " + UnloggedDocuments.CURSORS,
              "Where notifiers stand cannot be read (" + e.getClass().getSimpleName() + ").",
              "Restore the registry from a backup."));
    }
    return findings;
  }

  private static void examine(VersionedDocument stored, List<Finding> findings) {
    NoticeCursor cursor = NoticeCursor.of(stored);
    if (!cursor.parked().isEmpty()) {
      List<NoticeCursor.Parked> parked = cursor.parked();
      findings.add(
          new Finding(
              "NOTICE_PARKED",
              Severity.WARNING,
              stored.key().toString(),
              parked.size()
                  + " notices were given up after "
                  + NoticeCursor.TRIES
                  + " tries each; the last one failed with "
                  + parked.get(parked.size() - 1).failure()
                  + ". Those after them were delivered.",
              parked.size(),
              parked.stream().limit(SAMPLES).map(NoticeCursor.Parked::notice).toList(),
              "Fix the notifier, and call mesh.deliverParkedNotices()."));
    }
    cursor
        .failing()
        .ifPresent(
            failing ->
                findings.add(
                    new Finding(
                        "NOTICE_FAILING",
                        Severity.NOTE,
                        stored.key().toString(),
                        "A notice failed "
                            + failing.tries()
                            + (failing.tries() == 1 ? " time" : " times")
                            + " with "
                            + failing.failure()
                            + "; it is tried again from "
                            + failing.retryAt()
                            + " on, and those after it wait.",
                        1,
                        List.of(failing.notice()),
                        "Look at the notifier; after "
                            + NoticeCursor.TRIES
                            + " tries the notice is parked.")));
  }
}
