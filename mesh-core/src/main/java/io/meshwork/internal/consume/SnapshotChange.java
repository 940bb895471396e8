package io.meshwork.internal.consume;

import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/** What a snapshot changed in the rows of a table, from a subscriber's point of view. */
enum SnapshotChange {
  /** Rows were added. */
  ADDED,
  /** All rows of some partitions were replaced. */
  REPLACED_PARTITIONS,
  /** The rows for which a filter is true were replaced. */
  REPLACED_WHERE,
  /** The rows for which a filter is true were removed. */
  ERASED,
  /** No change: files were compacted, or the snapshot added no rows. */
  NOTHING,
  /** All rows were replaced. */
  REPLACED_ALL,
  /** The rows of an earlier snapshot were restored. */
  ROLLED_BACK,
  /** A change that cannot be described by rows. */
  OVERWRITTEN;

  private static final Map<String, SnapshotChange> BY_MODE =
      Map.of(
          "append", ADDED,
          "back-fill", ADDED,
          "onboard", ADDED,
          "replace-partitions", REPLACED_PARTITIONS,
          "replace-where", REPLACED_WHERE,
          "erase", ERASED,
          "compaction", NOTHING,
          "cut-over", NOTHING,
          "replace-all", REPLACED_ALL,
          "rollback", ROLLED_BACK);

  /** Returns the change of a snapshot: by its mode, or by Iceberg's operation if it has no mode. */
  static SnapshotChange of(Table table, Snapshot snapshot) {
    SnapshotChange change = ofSummary(table, snapshot);
    boolean dependsOnFiles = change == ADDED || change == REPLACED_PARTITIONS;
    return dependsOnFiles && addsNoFile(table, snapshot) ? NOTHING : change;
  }

  /**
   * Returns the change of a snapshot for a reader. If a row filter may hide rows from the reader, a
   * snapshot that adds no rows is not distinguished from one that adds hidden rows.
   */
  static SnapshotChange of(Table table, Snapshot snapshot, RowVisibility visible) {
    return visible.everyRow() ? of(table, snapshot) : ofSummary(table, snapshot);
  }

  private static SnapshotChange ofSummary(Table table, Snapshot snapshot) {
    return isFilterLost(table, snapshot) ? OVERWRITTEN : byMode(snapshot);
  }

  /** Returns true if rows were removed by a filter that is no longer stored. */
  static boolean isFilterLost(Table table, Snapshot snapshot) {
    SnapshotChange change = byMode(snapshot);
    return (change == REPLACED_WHERE || change == ERASED)
        && TableSnapshots.scope(table, snapshot).isEmpty();
  }

  private static SnapshotChange byMode(Snapshot snapshot) {
    String mode = snapshot.summary().get(TableSnapshots.MODE);
    if (PublishMode.BACK_FILL.text().equals(mode)
        && snapshot.summary().containsKey(SnapshotSummary.DELETED_FILES_PROP)) {
      return OVERWRITTEN; // copies of rows that were removed meanwhile
    }
    return mode == null
        ? ofOperation(snapshot.operation())
        : BY_MODE.getOrDefault(mode, OVERWRITTEN);
  }

  /** Returns why subscribers receive the whole table; empty if they can receive the change. */
  Optional<String> reasonToReset() {
    return switch (this) {
      case REPLACED_ALL -> Optional.of("all rows were replaced");
      case ROLLED_BACK -> Optional.of("an earlier snapshot was restored");
      case OVERWRITTEN ->
          Optional.of("rows were overwritten, and their change cannot be described");
      case ADDED, REPLACED_PARTITIONS, REPLACED_WHERE, ERASED, NOTHING -> Optional.empty();
    };
  }

  private static SnapshotChange ofOperation(String operation) {
    return DataOperations.APPEND.equals(operation)
        ? ADDED
        : DataOperations.REPLACE.equals(operation) ? NOTHING : OVERWRITTEN;
  }

  /** A summary omits a count of 0, and some writers omit the count altogether. */
  private static boolean addsNoFile(Table table, Snapshot snapshot) {
    return !snapshot.summary().containsKey(SnapshotSummary.ADDED_FILES_PROP)
        && SnapshotFiles.added(table, snapshot).isEmpty();
  }
}
