package io.meshwork.internal.consume;

import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.Optional;

/** Where polling starts: only later changes are issued. */
@FunctionalInterface
interface StartPosition {
  /**
   * Finds the position among the snapshots of a version.
   *
   * @throws NotFoundException if the snapshot does not exist
   */
  Place resolve(ProductRead.Version version, MeshAction action);

  /** Starts before the first snapshot. */
  static StartPosition beginning() {
    return (version, action) -> Place.start(version.entry().major());
  }

  /** Starts after the newest snapshot. */
  static StartPosition newest() {
    return (version, action) -> place(version, version.history().newest());
  }

  /** Starts after the snapshot with this ID. */
  static StartPosition snapshot(String id) {
    return (version, action) -> place(version, Optional.of(version.history().byId(id, action)));
  }

  /** Starts after the newest snapshot that was committed at this time or earlier, if any. */
  static StartPosition time(Instant time) {
    return (version, action) -> {
      Optional<SnapshotHistory.DatedSnapshot> startSnapshot;
      try {
        startSnapshot = Optional.of(version.history().asOf(time, action));
      } catch (NotFoundException e) {
        startSnapshot = Optional.empty(); // not yet published at that time, or expired
      }
      return place(version, startSnapshot);
    };
  }

  /** Returns the position of a snapshot; the start of the version if empty. */
  static Place place(
      ProductRead.Version version, Optional<SnapshotHistory.DatedSnapshot> startSnapshot) {
    return startSnapshot
        .map(SnapshotHistory.DatedSnapshot::snapshot)
        .map(snapshot -> place(version, snapshot))
        .orElseGet(() -> Place.start(version.entry().major()));
  }

  static Place place(ProductRead.Version version, Snapshot snapshot) {
    return new Place(
        version.entry().major(),
        Optional.of(snapshot.id()),
        snapshot.sequence(),
        Optional.of(snapshot.committedAt()));
  }
}
