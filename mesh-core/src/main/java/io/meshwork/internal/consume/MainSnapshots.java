package io.meshwork.internal.consume;

import io.meshwork.internal.catalog.PositionEntry.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of branch main after a position. The position's own snapshot may have expired; the
 * snapshots after it may not. Immutable.
 *
 * @param snapshots snapshots after the position, oldest first; all retained snapshots if the
 *     position was not found
 * @param gap why the position was not found; empty if it was
 */
record MainSnapshots(List<Snapshot> snapshots, Optional<String> gap) {
  private static final String OTHER_MAJOR = "the position is in another major version";
  private static final String OFF_MAIN = "the position is not on branch main";
  private static final String EXPIRED = "snapshots after the position expired";

  MainSnapshots {
    snapshots = List.copyOf(snapshots);
  }

  /** Walks from the newest snapshot back to the position. */
  static MainSnapshots after(Table table, int major, Place from) {
    List<Snapshot> snapshots = new ArrayList<>();
    boolean sameMajor = from.major() == major;
    @Nullable Long end = sameMajor ? from.snapshotId().map(Long::parseLong).orElse(null) : null;
    Snapshot each = table.currentSnapshot();
    boolean reached = each == null || is(each.snapshotId(), end);
    while (each != null && !is(each.snapshotId(), end)) {
      snapshots.add(0, each);
      Long parent = each.parentId();
      reached = parent == null ? end == null : is(parent, end);
      each = parent == null ? null : table.snapshot(parent);
    }
    if (!sameMajor) {
      return new MainSnapshots(snapshots, Optional.of(OTHER_MAJOR));
    } else if (reached) {
      return new MainSnapshots(snapshots, Optional.empty());
    }
    boolean isRetained = end != null && table.snapshot(end) != null;
    return new MainSnapshots(snapshots, Optional.of(isRetained ? OFF_MAIN : EXPIRED));
  }

  /** The same after a position in another major version, with the reason why it cannot continue. */
  MainSnapshots because(String reason) {
    return new MainSnapshots(snapshots, Optional.of(OTHER_MAJOR + ": " + reason));
  }

  /** Returns the newest snapshot; empty if there is none after the position. */
  Optional<Snapshot> newest() {
    return snapshots.isEmpty()
        ? Optional.empty()
        : Optional.of(snapshots.get(snapshots.size() - 1));
  }

  /** Returns the index of the snapshot at a position; -1 if it is not among these. */
  int indexOf(Place place) {
    String id = place.snapshotId().orElse("");
    for (int i = 0; i < snapshots.size(); i++) {
      if (Long.toString(snapshots.get(i).snapshotId()).equals(id)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean is(long id, @Nullable Long other) {
    return other != null && other == id;
  }
}
