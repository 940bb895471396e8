package io.meshwork.internal.publish;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.publish.PublishMode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Which erases stand as of each snapshot on the way to the newest one: those behind it, where a
 * rollback goes back, or forth again, to the ones of the snapshot that it brought back.
 */
final class ActiveErases {
  /**
   * One erase and those that stood before it.
   *
   * @param told false if it stands for those of a snapshot that has expired, whatever they are
   */
  private record Erases(String snapshot, boolean told, @Nullable Erases before) {}

  private final Map<String, @Nullable Erases> bySnapshot = new HashMap<>();

  private ActiveErases() {}

  /**
   * Goes on only if no rows would come back that are erased now.
   *
   * @param table as it is in this attempt
   * @param target the snapshot that would come back
   * @throws InvalidRequestException otherwise
   */
  static void checkKept(Table table, Snapshot target, MeshAction action) {
    if (of(table).anyLost(table.currentSnapshot(), target)) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action
              + " to snapshot "
              + target.snapshotId()
              + ": rows that are erased now were not erased there, and could come back. Nothing was"
              + " changed. Choose another snapshot, or say restoringErased() if that is meant.");
    }
  }

  static ActiveErases of(Table table) {
    Deque<Snapshot> oldestFirst = new ArrayDeque<>();
    Snapshot each = table.currentSnapshot();
    while (each != null) {
      oldestFirst.push(each);
      Long parent = each.parentId();
      each = parent == null ? null : table.snapshot(parent);
    }
    ActiveErases standing = new ActiveErases();
    Erases last = null;
    for (Snapshot snapshot : oldestFirst) {
      last = standing.after(snapshot, last);
      standing.bySnapshot.put(id(snapshot), last);
    }
    return standing;
  }

  private @Nullable Erases after(Snapshot snapshot, @Nullable Erases before) {
    String mode = snapshot.summary().get(TableSnapshots.MODE);
    if (PublishMode.ERASE.text().equals(mode)) {
      return new Erases(id(snapshot), true, before);
    } else if (PublishMode.ROLLBACK.text().equals(mode)) {
      String target = snapshot.summary().getOrDefault(TableSnapshots.SCOPE, "");
      return bySnapshot.containsKey(target)
          ? bySnapshot.get(target)
          : new Erases(target, false, null);
    }
    return before;
  }

  /**
   * True if an erase stands as of one snapshot and does not as of another, or if that cannot be
   * told any more.
   */
  boolean anyLost(Snapshot from, Snapshot to) {
    Set<Erases> there = all(to);
    Set<Erases> here = all(from);
    return !there.containsAll(here)
        || there.stream().anyMatch(erases -> !erases.told && !here.contains(erases));
  }

  /** Without their own predecessors, of which a hash would have to go through all. */
  private Set<Erases> all(Snapshot snapshot) {
    Set<Erases> all = new HashSet<>();
    Erases each = bySnapshot.get(id(snapshot));
    while (each != null) {
      all.add(new Erases(each.snapshot, each.told, null));
      each = each.before;
    }
    return all;
  }

  private static String id(Snapshot snapshot) {
    return Long.toString(snapshot.snapshotId());
  }
}
