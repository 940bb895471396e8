package io.meshwork.internal.publish;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.publish.PublishReceipt.PublishMode;
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
 * The erases in effect as of each snapshot on {@code main}: its ancestors' erases, except that a
 * rollback has the erases of the snapshot that it restored.
 */
final class ActiveErases {
  /**
   * One erase and the erases in effect before it.
   *
   * @param isKnown false if it represents the unknown erases of an expired snapshot
   */
  private record Erases(String snapshot, boolean isKnown, @Nullable Erases before) {}

  private final Map<String, @Nullable Erases> bySnapshot = new HashMap<>();

  private ActiveErases() {}

  /**
   * Checks that restoring a snapshot restores no erased row.
   *
   * @param table the table in this attempt
   * @param target the snapshot to restore
   * @throws InvalidRequestException if it could restore an erased row
   */
  static void checkKept(Table table, Snapshot target, MeshAction action) {
    if (of(table).anyLost(table.currentSnapshot(), target)) {
      throw Failure.of(action.on("to snapshot " + target.snapshotId()))
          .because("this could restore rows that were erased after that snapshot")
          .fix("Choose another snapshot, or call restoreErased() to restore these rows.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
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
    ActiveErases active = new ActiveErases();
    Erases last = null;
    for (Snapshot snapshot : oldestFirst) {
      last = active.after(snapshot, last);
      active.bySnapshot.put(id(snapshot), last);
    }
    return active;
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
   * True if an erase is in effect as of {@code from} and not as of {@code to}, or if this is
   * unknown because a snapshot expired.
   */
  boolean anyLost(Snapshot from, Snapshot to) {
    Set<Erases> before = all(from);
    Set<Erases> after = all(to);
    return !after.containsAll(before)
        || after.stream().anyMatch(erases -> !erases.isKnown && !before.contains(erases));
  }

  /** The erases without their predecessors, because a hash would visit each of them. */
  private Set<Erases> all(Snapshot snapshot) {
    Set<Erases> all = new HashSet<>();
    Erases each = bySnapshot.get(id(snapshot));
    while (each != null) {
      all.add(new Erases(each.snapshot, each.isKnown, null));
      each = each.before;
    }
    return all;
  }

  private static String id(Snapshot snapshot) {
    return Long.toString(snapshot.snapshotId());
  }
}
