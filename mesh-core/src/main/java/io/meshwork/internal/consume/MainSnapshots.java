package io.meshwork.internal.consume;

import io.meshwork.internal.catalog.PositionEntry.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The main line of a table after a place. The place's own snapshot may have expired; those after it
 * may not. Immutable.
 *
 * @param since snapshots after the place, oldest first; all there are if the line is broken
 * @param broken why the line does not lead to the place; empty if it does
 */
record MainSnapshots(List<Snapshot> since, Optional<String> broken) {
  private static final String OTHER_MAJOR = "another major version is read";
  private static final String OFF_MAIN = "the position is off the main line";
  private static final String EXPIRED = "snapshots after the position expired";

  MainSnapshots {
    since = List.copyOf(since);
  }

  /** Walks back from the newest snapshot. */
  static MainSnapshots after(Table table, int major, Place from) {
    List<Snapshot> since = new ArrayList<>();
    boolean sameMajor = from.major() == major;
    @Nullable Long end = sameMajor ? from.snapshotId().map(Long::parseLong).orElse(null) : null;
    Snapshot each = table.currentSnapshot();
    boolean reached = each == null || is(each.snapshotId(), end);
    while (each != null && !is(each.snapshotId(), end)) {
      since.add(0, each);
      Long parent = each.parentId();
      reached = parent == null ? end == null : is(parent, end);
      each = parent == null ? null : table.snapshot(parent);
    }
    if (!sameMajor) {
      return new MainSnapshots(since, Optional.of(OTHER_MAJOR));
    } else if (reached) {
      return new MainSnapshots(since, Optional.empty());
    }
    boolean aside = end != null && table.snapshot(end) != null;
    return new MainSnapshots(since, Optional.of(aside ? OFF_MAIN : EXPIRED));
  }

  /** The newest snapshot; empty if there is none after the place. */
  Optional<Snapshot> newest() {
    return since.isEmpty() ? Optional.empty() : Optional.of(since.get(since.size() - 1));
  }

  /** Where in the line a snapshot stands; -1 if nowhere. */
  int indexOf(Place place) {
    String id = place.snapshotId().orElse("");
    for (int i = 0; i < since.size(); i++) {
      if (Long.toString(since.get(i).snapshotId()).equals(id)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean is(long id, @Nullable Long other) {
    return other != null && other == id;
  }
}
