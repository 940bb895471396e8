package io.meshwork.internal.session;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Who reads one major version of a product and is not through: what expiry has to leave them.
 * Immutable, as of when it was looked at, domain by domain.
 *
 * @param major the major version
 * @param positions of subscriptions that stand in this major, or stood in it a short while ago; a
 *     position needs every snapshot of a higher sequence, and not its own
 * @param holds snapshots that are being read, also holds that no longer count
 */
public record ActiveReaders(int major, List<PositionEntry> positions, List<HoldEntry> holds) {
  /** How long a reader may read a snapshot that is no longer the newest, without a hold. */
  public static final Duration GRACE = Duration.ofHours(24);

  /** Copies both. */
  public ActiveReaders {
    positions = List.copyOf(positions);
    holds = List.copyOf(holds);
  }

  /**
   * Looks through all who may consume it.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static ActiveReaders of(ClientSession session, ProductName product, int major) {
    List<PositionEntry> positions = new ArrayList<>();
    List<HoldEntry> holds = new ArrayList<>();
    for (Catalog.Consumer consumer : session.catalog().consumers(product.domain())) {
      String partition = consumer.partition();
      for (VersionedDocument stored :
          session.ledger().list(partition, RegistryKeys.positions(product))) {
        positions.add(PositionEntry.of(stored));
      }
      for (VersionedDocument stored :
          session.ledger().list(partition, RegistryKeys.holds(product))) {
        holds.add(HoldEntry.of(stored));
      }
    }
    positions.removeIf(position -> position.neededAfter(major, Instant.MIN).isEmpty());
    holds.removeIf(hold -> hold.major() != major);
    return new ActiveReaders(major, positions, holds);
  }

  /**
   * The lowest sequence above which somebody needs snapshots at this time: the position that is
   * furthest behind, or one that was left so lately that what was handed out there may still be
   * read. Empty if nobody does.
   */
  public OptionalLong oldestPosition(Instant now) {
    return positions.stream()
        .flatMapToLong(position -> position.neededAfter(major, now).stream())
        .min();
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
