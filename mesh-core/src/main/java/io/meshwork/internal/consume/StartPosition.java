package io.meshwork.internal.consume;

import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.Optional;

/** Where polling begins; what came before is not handed out. */
@FunctionalInterface
interface StartPosition {
  /**
   * The place on the main line of a version.
   *
   * @throws NotFoundException if there is no such snapshot
   */
  Place on(ProductRead.Version version, MeshAction action);

  /** Before the first snapshot. */
  static StartPosition beginning() {
    return (version, action) -> Place.start(version.entry().major());
  }

  /** The newest snapshot. */
  static StartPosition newest() {
    return (version, action) -> place(version, version.line().newest());
  }

  /** The snapshot with this id. */
  static StartPosition snapshot(String id) {
    return (version, action) -> place(version, Optional.of(version.line().byId(id, action)));
  }

  /** The newest snapshot as of a time; before the first there is none. */
  static StartPosition time(Instant time) {
    return (version, action) -> {
      Optional<SnapshotHistory.DatedSnapshot> found;
      try {
        found = Optional.of(version.line().asOf(time, action));
      } catch (NotFoundException e) {
        found = Optional.empty(); // nothing was published by then, or what was has expired
      }
      return place(version, found);
    };
  }

  /** The place of a snapshot in a version. */
  static Place place(ProductRead.Version version, Optional<SnapshotHistory.DatedSnapshot> found) {
    return found
        .map(SnapshotHistory.DatedSnapshot::snapshot)
        .map(snapshot -> place(version, snapshot))
        .orElseGet(() -> Place.start(version.entry().major()));
  }

  /** The same of a snapshot in the words of the mesh. */
  static Place place(ProductRead.Version version, Snapshot snapshot) {
    return new Place(
        version.entry().major(),
        Optional.of(snapshot.id()),
        snapshot.sequence(),
        Optional.of(snapshot.committedAt()));
  }
}
