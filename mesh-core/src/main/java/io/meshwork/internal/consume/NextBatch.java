package io.meshwork.internal.consume;

import io.meshwork.consume.Batch;
import io.meshwork.internal.scan.SnapshotFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/**
 * What the next batch contains: the first snapshots after a position whose changes are of one kind.
 * If one of the snapshots has a change that cannot be described by rows, the batch contains the
 * whole current table.
 *
 * @param end the last snapshot of the batch
 * @param reason why the batch contains the whole table; empty for other kinds
 */
record NextBatch(Batch.Kind kind, Snapshot end, Optional<String> reason) {
  /** The most files of joined snapshots, so that a batch far behind starts as soon as others. */
  private static final int MAX_FILES = 500;

  /**
   * Determines the next batch; empty if no row changed.
   *
   * @param visible what the reader sees
   * @param otherRows why the reader sees other rows than were issued before; empty if it does not
   * @param atMost the maximum number of added rows that are joined; a snapshot is never split.
   *     Nothing is joined for a reader with a row filter, because the number of joined snapshots
   *     would reveal hidden rows
   */
  static Optional<NextBatch> of(
      Table table,
      MainSnapshots main,
      RowVisibility visible,
      Optional<String> otherRows,
      long atMost) {
    List<SnapshotChange> changes = new ArrayList<>();
    Optional<String> reset = main.gap().or(() -> otherRows);
    for (Snapshot snapshot : main.snapshots()) {
      SnapshotChange change = SnapshotChange.of(table, snapshot, visible);
      changes.add(change);
      Optional<String> reason = change.reasonToReset();
      if (reason.isEmpty() && !RemovedRowsFilter.areVisible(table, snapshot, change, visible)) {
        reason =
            Optional.of(
                visible.everyRow()
                    ? "rows were removed by columns that the subscription does not read"
                    : "rows were removed, and the reader does not see all rows");
      }
      reset = reason.isPresent() ? reason : reset;
    }
    if (reset.isPresent()) {
      Optional<String> reason = reset;
      return main.newest()
          .or(() -> otherRows.map(any -> table.currentSnapshot()))
          .map(head -> new NextBatch(Batch.Kind.RESET, head, reason));
    }
    int first = 0;
    while (first < changes.size() && changes.get(first) == SnapshotChange.NOTHING) {
      first++;
    }
    if (first == changes.size()) {
      return Optional.empty();
    }
    Batch.Kind kind =
        switch (changes.get(first)) {
          case ADDED -> Batch.Kind.ADDED;
          case ERASED -> Batch.Kind.ERASED;
          default -> Batch.Kind.REPLACED;
        };
    long maxRows = visible.everyRow() ? atMost : -1; // not even a snapshot without rows is joined
    int last =
        kind == Batch.Kind.ADDED
            ? lastJoined(table, main.snapshots(), changes, first, maxRows)
            : first;
    return Optional.of(new NextBatch(kind, main.snapshots().get(last), Optional.empty()));
  }

  private static int lastJoined(
      Table table,
      List<Snapshot> snapshots,
      List<SnapshotChange> changes,
      int first,
      long maxRows) {
    long rows = 0;
    long files = 0;
    int last = first;
    for (int i = first; i < snapshots.size(); i++) {
      if (changes.get(i) == SnapshotChange.ADDED) {
        Snapshot snapshot = snapshots.get(i);
        rows += added(table, snapshot, SnapshotSummary.ADDED_RECORDS_PROP, DataFile::recordCount);
        files += added(table, snapshot, SnapshotSummary.ADDED_FILES_PROP, file -> 1);
        if (i > first && (rows > maxRows || files > MAX_FILES)) {
          break;
        }
      } else if (changes.get(i) != SnapshotChange.NOTHING) {
        break;
      }
      last = i;
    }
    return last;
  }

  /** Returns what a snapshot added, from its summary or else its files. */
  private static long added(
      Table table, Snapshot snapshot, String property, ToLongFunction<DataFile> ofFile) {
    String total = snapshot.summary().get(property);
    return total != null
        ? Long.parseLong(total)
        : SnapshotFiles.added(table, snapshot).stream().mapToLong(ofFile).sum();
  }
}
