package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.registry.Registry.Key;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at what readers of one domain wrote of themselves: positions and notes of use of
 * subscriptions that are no more, and holds whose time is over. No log tells of these, and nothing
 * is lost with them.
 */
final class ReaderExamination {
  private final ClientSession session;
  private final String domain;

  ReaderExamination(ClientSession session, String domain) {
    this.session = session;
    this.domain = domain;
  }

  /**
   * Documents that serve nobody.
   *
   * @throws BackendException if the registry cannot be read or a document is damaged
   */
  List<VersionedDocument> useless() {
    List<VersionedDocument> useless = new ArrayList<>();
    for (VersionedDocument position : session.ledger().list(domain, UnloggedDocuments.POSITIONS)) {
      String of = position.key().sort().substring(UnloggedDocuments.POSITIONS.length());
      if (!session.ledger().holds(new Key(domain, RegistryKeys.SUBSCRIPTIONS + of))) {
        useless.add(position);
      }
    }
    for (VersionedDocument usage : session.ledger().list(domain, UnloggedDocuments.USAGE)) {
      String sort = usage.key().sort();
      // The major that it is of comes last.
      String of = sort.substring(UnloggedDocuments.USAGE.length(), sort.lastIndexOf('/'));
      if (!session.ledger().holds(new Key(domain, RegistryKeys.SUBSCRIPTIONS + of))) {
        useless.add(usage);
      }
    }
    Instant now = session.runtime().clock().instant();
    for (VersionedDocument hold : session.ledger().list(domain, UnloggedDocuments.HOLDS)) {
      if (isOver(hold, now)) {
        useless.add(hold);
      }
    }
    return List.copyOf(useless);
  }

  /** The same as findings, and what is damaged. */
  void examine(List<Finding> found) {
    try {
      for (VersionedDocument document : useless()) {
        String sort = document.key().sort();
        boolean position = sort.startsWith(UnloggedDocuments.POSITIONS);
        boolean usage = sort.startsWith(UnloggedDocuments.USAGE);
        found.add(
            new Finding(
                position ? "POSITION_ASTRAY" : usage ? "USAGE_ASTRAY" : "HOLD_OVER",
                Severity.NOTE,
                document.key().toString(),
                position
                    ? "It is the position of a subscription that is not there, so nobody goes on"
                        + " from it; until then it may keep snapshots."
                    : usage
                        ? "It notes the last use of a subscription that is not there."
                        : "The read that it kept a snapshot for should have ended; it keeps nothing"
                            + " any more.",
                1,
                List.of(),
                "Have repair() take it away."));
      }
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      found.add(
          Finding.error(
              "READER_DAMAGED",
              domain,
              "A position or a hold of this domain cannot be read, so maintenance expires nothing"
                  + " that its readers may need: "
                  + e.getMessage(),
              "Have its owner seek() anew, or restore the registry from a backup."));
    }
  }

  private static boolean isOver(VersionedDocument hold, Instant now) {
    try {
      return !HoldEntry.of(hold).until().plus(MaintenanceLimits.ABANDONED).isAfter(now);
    } catch (DateTimeException e) {
      return false;
    }
  }
}
