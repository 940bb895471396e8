package io.meshwork.consume;

import io.meshwork.internal.catalog.PositionEntry;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a subscription stands: all up to here was acknowledged. Immutable.
 *
 * @param major the major version
 * @param snapshotId the snapshot; empty before the first
 * @param sequence its sequence number; 0 before the first
 * @param committedAt when it was committed, by the mesh's log; empty before the first
 */
public record Position(
    int major, Optional<String> snapshotId, long sequence, Optional<Instant> committedAt) {
  static Position of(PositionEntry.Place place) {
    return new Position(place.major(), place.snapshotId(), place.sequence(), place.committedAt());
  }
}
