package io.meshwork.internal.session;

import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who reads one major version of a product and is not through: what expiry has to leave them.
 * Immutable, as of when it was looked at, domain by domain.
 *
 * @param positions where subscriptions stand in this major; a position needs every snapshot of a
 *     higher sequence, and not its own
 * @param holds snapshots that are being read, also holds that no longer count
 */
public record Readers(List<PositionEntry> positions, List<HoldEntry> holds) {
  /** How long a reader may read a snapshot that is no longer the newest, without a hold. */
  public static final Duration GRACE = Duration.ofHours(24);

  /** Copies both. */
  public Readers {
    positions = List.copyOf(positions);
    holds = List.copyOf(holds);
  }

  /**
   * Looks through all domains of the mesh.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static Readers of(Session session, ProductName product, int major) {
    List<PositionEntry> positions = new ArrayList<>();
    List<HoldEntry> holds = new ArrayList<>();
    for (DomainEntry domain : session.catalog().domains()) {
      String partition = Keys.partition(domain.domain().name());
      for (Stored stored : session.ledger().list(partition, Keys.positions(product))) {
        positions.add(PositionEntry.of(stored));
      }
      for (Stored stored : session.ledger().list(partition, Keys.holds(product))) {
        holds.add(HoldEntry.of(stored));
      }
    }
    positions.removeIf(position -> position.place().major() != major);
    holds.removeIf(hold -> hold.major() != major);
    return new Readers(positions, holds);
  }

  /** The position that is furthest behind; empty if there is none. */
  public Optional<PositionEntry> oldestPosition() {
    return positions.stream()
        .min(Comparator.comparingLong(position -> position.place().sequence()));
  }

  /** Ids of the snapshots that are held at this time. */
  public List<String> heldSnapshots(Instant now) {
    return holds.stream()
        .filter(hold -> hold.until().isAfter(now))
        .map(HoldEntry::snapshotId)
        .distinct()
        .toList();
  }
}
