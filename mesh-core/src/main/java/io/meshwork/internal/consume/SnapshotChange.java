package io.meshwork.internal.consume;

import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.TableSnapshots;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/** What a snapshot did to the rows that were there, as far as those who follow it are concerned. */
enum SnapshotChange {
  /** Rows came. */
  ADDED,
  /** Rows came in the place of all in their partitions. */
  REPLACED_PARTITIONS,
  /** Rows came in the place of those for which a filter is true. */
  REPLACED_WHERE,
  /** Rows went for which a filter is true. */
  ERASED,
  /** Nothing: rows were laid out anew, or none came. */
  NOTHING,
  /** All rows were replaced. */
  REPLACED_ALL,
  /** Rows of an earlier snapshot came back. */
  ROLLED_BACK,
  /** Something that cannot be told in rows. */
  OVERWRITTEN;

  private static final Map<String, SnapshotChange> BY_MODE =
      Map.of(
          "append", ADDED,
          "replace-partitions", REPLACED_PARTITIONS,
          "replace-where", REPLACED_WHERE,
          "erase", ERASED,
          "compaction", NOTHING,
          "replace-all", REPLACED_ALL,
          "rollback", ROLLED_BACK);

  /** What a snapshot did; one that does not say its mode is known by Iceberg's operation. */
  static SnapshotChange of(Table table, Snapshot snapshot) {
    SnapshotChange deed = ofSummary(table, snapshot);
    boolean byItsFiles = deed == ADDED || deed == REPLACED_PARTITIONS;
    return byItsFiles && addsNone(table, snapshot) ? NOTHING : deed;
  }

  /**
   * What a snapshot did in the eyes of one who sees some rows only: that none came is not told from
   * some coming that are not seen.
   */
  static SnapshotChange of(Table table, Snapshot snapshot, RowVisibility visible) {
    return visible.everyRow() ? of(table, snapshot) : ofSummary(table, snapshot);
  }

  private static SnapshotChange ofSummary(Table table, Snapshot snapshot) {
    return isForgotten(table, snapshot) ? OVERWRITTEN : byMode(snapshot);
  }

  /** True if rows went by a filter that is kept no longer, so that nobody can tell which. */
  static boolean isForgotten(Table table, Snapshot snapshot) {
    SnapshotChange deed = byMode(snapshot);
    return (deed == REPLACED_WHERE || deed == ERASED)
        && TableSnapshots.scope(table, snapshot).isEmpty();
  }

  private static SnapshotChange byMode(Snapshot snapshot) {
    String mode = snapshot.summary().get(TableSnapshots.MODE);
    return mode == null
        ? ofOperation(snapshot.operation())
        : BY_MODE.getOrDefault(mode, OVERWRITTEN);
  }

  /** Why the whole table is handed out anew; empty if what was done can be told in rows. */
  Optional<String> reasonToReset() {
    return switch (this) {
      case REPLACED_ALL -> Optional.of("all rows were replaced");
      case ROLLED_BACK -> Optional.of("an earlier snapshot was brought back");
      case OVERWRITTEN -> Optional.of("rows were overwritten in a way that cannot be followed");
      case ADDED, REPLACED_PARTITIONS, REPLACED_WHERE, ERASED, NOTHING -> Optional.empty();
    };
  }

  private static SnapshotChange ofOperation(String operation) {
    return DataOperations.APPEND.equals(operation)
        ? ADDED
        : DataOperations.REPLACE.equals(operation) ? NOTHING : OVERWRITTEN;
  }

  /** A summary leaves out what is nothing, so one that says no number is not believed. */
  private static boolean addsNone(Table table, Snapshot snapshot) {
    return !snapshot.summary().containsKey(SnapshotSummary.ADDED_FILES_PROP)
        && SnapshotFiles.added(table, snapshot).isEmpty();
  }
}
