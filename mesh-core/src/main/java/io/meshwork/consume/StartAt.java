package io.meshwork.consume;

import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.session.MainLine;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.Optional;

/** Where polling begins; what came before is not handed out. */
@FunctionalInterface
interface StartAt {
  /**
   * The place on the main line of a version.
   *
   * @throws NotFoundException if there is no such snapshot
   */
  Place on(Read.Version version, String doing);

  /** Before the first snapshot. */
  static StartAt beginning() {
    return (version, doing) -> Place.start(version.entry().major());
  }

  /** The newest snapshot. */
  static StartAt newest() {
    return (version, doing) -> place(version, version.line().newest());
  }

  /** The snapshot with this id. */
  static StartAt snapshot(String id) {
    return (version, doing) -> place(version, Optional.of(version.line().byId(id, doing)));
  }

  /** The newest snapshot as of a time; before the first there is none. */
  static StartAt time(Instant time) {
    return (version, doing) -> {
      Optional<MainLine.Found> found;
      try {
        found = Optional.of(version.line().asOf(time, doing));
      } catch (NotFoundException e) {
        found = Optional.empty(); // nothing was published by then, or what was has expired
      }
      return place(version, found);
    };
  }

  /** The place of a snapshot in a version. */
  static Place place(Read.Version version, Optional<MainLine.Found> found) {
    return found
        .map(MainLine.Found::snapshot)
        .map(snapshot -> place(version, snapshot))
        .orElseGet(() -> Place.start(version.entry().major()));
  }

  /** The same of a snapshot in the words of the mesh. */
  static Place place(Read.Version version, Snapshot snapshot) {
    return new Place(
        version.entry().major(),
        Optional.of(snapshot.id()),
        snapshot.sequence(),
        Optional.of(snapshot.committedAt()));
  }
}
