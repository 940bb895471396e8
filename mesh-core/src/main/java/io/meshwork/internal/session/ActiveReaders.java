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
 * The active readers of one major version of a product, whose snapshots expiration must retain.
 * Immutable; read domain by domain, so not as of a single time.
 *
 * @param major the major version
 * @param positions the positions of subscriptions in this major, or that left it recently; a
 *     position requires every snapshot with a higher sequence, but not its own
 * @param holds holds of snapshots that are being read, including expired ones
 */
public record ActiveReaders(int major, List<PositionEntry> positions, List<HoldEntry> holds) {
  /** How long a reader without a hold may read a snapshot that is no longer the newest. */
  public static final Duration GRACE = Duration.ofHours(24);

  public ActiveReaders {
    positions = List.copyOf(positions);
    holds = List.copyOf(holds);
  }

  /**
   * Finds the readers of all domains that may consume the product.
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
    positions.removeIf(position -> position.requiredAfter(major, Instant.MIN).isEmpty());
    holds.removeIf(hold -> hold.major() != major);
    return new ActiveReaders(major, positions, holds);
  }

  /**
   * The lowest sequence above which readers require snapshots at this time: of the position that is
   * furthest behind, or of one that was left so recently that its batch may still be read. Empty if
   * there is none.
   */
  public OptionalLong oldestPosition(Instant now) {
    return positions.stream()
        .flatMapToLong(position -> position.requiredAfter(major, now).stream())
        .min();
  }

  /** IDs of the snapshots that are held at this time. */
  public List<String> heldSnapshots(Instant now) {
    return holds.stream()
        .filter(hold -> hold.until().isAfter(now))
        .map(HoldEntry::snapshotId)
        .distinct()
        .toList();
  }
}
