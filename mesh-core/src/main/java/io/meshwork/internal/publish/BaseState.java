package io.meshwork.internal.publish;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.scan.SnapshotFiles;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The state of a table that a publish decided on, to say whether others have touched since what it
 * replaces. Laying rows out anew is no touch.
 *
 * @param snapshotId the newest snapshot then; null if there was none
 */
record BaseState(@Nullable Long snapshotId) {
  static BaseState of(Table table) {
    Snapshot newest = table.currentSnapshot();
    return new BaseState(newest == null ? null : newest.snapshotId());
  }

  /**
   * Goes on only if nobody touched the rows.
   *
   * @param now the table as it is now
   * @throws ConflictException if a snapshot since then added or took away rows that may be of them
   */
  void checkUntouched(Table now, ReplacedRows rows, MeshAction action) {
    Snapshot each = now.currentSnapshot();
    while (each != null && (snapshotId == null || each.snapshotId() != snapshotId)) {
      Long parentId = each.parentId();
      Snapshot parent = parentId == null ? null : now.snapshot(parentId);
      boolean lost = parent == null && (parentId != null || snapshotId != null);
      if (lost || touches(now, each, parent, rows)) {
        throw new ConflictException(
            ErrorCode.CONFLICT,
            "Cannot "
                + action
                + ": snapshot "
                + each.snapshotId()
                + ", committed meanwhile, added or removed rows that may be among those that are"
                + " replaced. Nothing was committed. Look at what it did with history(..), and run"
                + " it again if your rows still stand.");
      }
      each = parent;
    }
  }

  private static boolean touches(
      Table table, Snapshot snapshot, @Nullable Snapshot parent, ReplacedRows rows) {
    if (DataOperations.REPLACE.equals(snapshot.operation())) {
      return false;
    }
    SnapshotChanges changes = SnapshotChanges.builderFor(table).snapshot(snapshot).build();
    Set<String> removed = new HashSet<>();
    changes.removedDataFiles().forEach(file -> removed.add(file.location()));
    if (!removed.isEmpty() && parent == null) {
      return true;
    }
    // Entries of removed files carry no statistics, so these are read where the files were alive.
    List<DataFile> before =
        removed.isEmpty() || parent == null ? List.of() : SnapshotFiles.of(table, parent);
    return StreamSupport.stream(changes.addedDataFiles().spliterator(), false)
            .anyMatch(rows::mightContain)
        || before.stream()
            .anyMatch(file -> removed.contains(file.location()) && rows.mightContain(file));
  }
}
