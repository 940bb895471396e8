package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.leftovers.MaintenanceLimits;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.registry.Registry.Key;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds obsolete documents that readers of one domain wrote: positions and usage records of
 * subscriptions that do not exist, and expired holds. They are not in a log, and nothing is lost
 * when they are deleted.
 */
public final class ReaderExamination {
  private final ClientSession session;
  private final String domain;

  public ReaderExamination(ClientSession session, String domain) {
    this.session = session;
    this.domain = domain;
  }

  /**
   * Returns the obsolete documents.
   *
   * @throws BackendException if the registry cannot be read or a document is damaged
   */
  List<VersionedDocument> obsolete() {
    List<VersionedDocument> obsolete = new ArrayList<>();
    for (VersionedDocument position : session.ledger().list(domain, UnloggedDocuments.POSITIONS)) {
      String subscription = position.key().sort().substring(UnloggedDocuments.POSITIONS.length());
      if (!session.ledger().holds(new Key(domain, RegistryKeys.SUBSCRIPTIONS + subscription))) {
        obsolete.add(position);
      }
    }
    for (VersionedDocument usage : session.ledger().list(domain, UnloggedDocuments.USAGE)) {
      String sort = usage.key().sort();
      // The major version comes last.
      String subscription = sort.substring(UnloggedDocuments.USAGE.length(), sort.lastIndexOf('/'));
      boolean ofSubscription = !subscription.endsWith("/" + UsageEntry.WITHOUT_SUBSCRIPTION);
      if (ofSubscription
          && !session.ledger().holds(new Key(domain, RegistryKeys.SUBSCRIPTIONS + subscription))) {
        obsolete.add(usage);
      }
    }
    Instant now = session.runtime().clock().instant();
    for (VersionedDocument hold : session.ledger().list(domain, UnloggedDocuments.HOLDS)) {
      if (hasExpired(hold, now)) {
        obsolete.add(hold);
      }
    }
    return List.copyOf(obsolete);
  }

  /** Adds findings for obsolete and damaged documents. */
  public void examine(List<Finding> findings) {
    try {
      for (VersionedDocument document : obsolete()) {
        String sort = document.key().sort();
        boolean position = sort.startsWith(UnloggedDocuments.POSITIONS);
        boolean usage = sort.startsWith(UnloggedDocuments.USAGE);
        findings.add(
            new Finding(
                position
                    ? FindingCode.POSITION_WITHOUT_SUBSCRIPTION
                    : usage ? FindingCode.USAGE_WITHOUT_SUBSCRIPTION : FindingCode.HOLD_EXPIRED,
                Severity.NOTE,
                document.key().toString(),
                position
                    ? "It is the position of a subscription that does not exist; until it is removed,"
                        + " it may retain snapshots."
                    : usage
                        ? "It records the last use of a subscription that does not exist."
                        : "The read for which it retained a snapshot should have finished; it no"
                            + " longer retains the snapshot.",
                1,
                List.of(),
                "Remove it with repair()."));
      }
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      findings.add(
          Finding.error(
              FindingCode.READER_STATE_DAMAGED,
              domain,
              "A position or a hold of this domain cannot be read, so maintenance expires no"
                  + " snapshot that its readers may need: "
                  + e.getMessage(),
              "Let the program of its owner set its position again, or restore the registry from a"
                  + " backup."));
    }
  }

  private static boolean hasExpired(VersionedDocument hold, Instant now) {
    try {
      return !HoldEntry.of(hold).until().plus(MaintenanceLimits.ABANDONED).isAfter(now);
    } catch (DateTimeException e) {
      return false;
    }
  }
}
