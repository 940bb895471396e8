package io.meshwork.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.ledger.Unlogged;
import io.meshwork.internal.session.Session;
import io.meshwork.registry.Registry.Key;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at what readers of one domain wrote of themselves: positions of subscriptions that are no
 * more, and holds whose time is over. No log tells of these, and nothing is lost with them.
 */
final class ReaderExamination {
  private final Session session;
  private final String domain;

  ReaderExamination(Session session, String domain) {
    this.session = session;
    this.domain = domain;
  }

  /**
   * Documents that serve nobody.
   *
   * @throws BackendException if the registry cannot be read or a document is damaged
   */
  List<Stored> useless() {
    List<Stored> useless = new ArrayList<>();
    for (Stored position : session.ledger().list(domain, Unlogged.POSITIONS)) {
      String of = position.key().sort().substring(Unlogged.POSITIONS.length());
      if (!session.ledger().holds(new Key(domain, Keys.SUBSCRIPTIONS + of))) {
        useless.add(position);
      }
    }
    Instant now = session.runtime().clock().instant();
    for (Stored hold : session.ledger().list(domain, Unlogged.HOLDS)) {
      if (isOver(hold, now)) {
        useless.add(hold);
      }
    }
    return List.copyOf(useless);
  }

  /** The same as findings, and what is damaged. */
  void examine(List<Finding> found) {
    try {
      for (Stored document : useless()) {
        boolean position = document.key().sort().startsWith(Unlogged.POSITIONS);
        found.add(
            new Finding(
                position ? "POSITION_ASTRAY" : "HOLD_OVER",
                Severity.NOTE,
                document.key().toString(),
                position
                    ? "It is the position of a subscription that is not there, so nobody goes on from"
                        + " it; until then it may keep snapshots."
                    : "The read that it kept a snapshot for should have ended; it keeps nothing any"
                        + " more.",
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

  private static boolean isOver(Stored hold, Instant now) {
    try {
      return !HoldEntry.of(hold).until().plus(UpkeepLimits.ABANDONED).isAfter(now);
    } catch (DateTimeException e) {
      return false;
    }
  }
}
