package io.meshwork.internal.consume;

import io.meshwork.consume.Batch;
import io.meshwork.internal.catalog.PositionEntry.PendingBatch;
import io.meshwork.internal.ledger.StoredConstant;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.scan.ScanFilter;
import io.meshwork.internal.scan.SnapshotFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The rows of a batch: the files that its snapshots added, without the rows that were erased since.
 * The files exist as long as their snapshots, even if they were compacted or rewritten later; the
 * filter of an erase is stored with its snapshot. Immutable.
 *
 * @param files the files that contain the rows
 * @param scanFilter selects the rows of the batch from the files
 * @param predicate true for each removed row; empty if partitions were replaced or no row was
 *     removed
 * @param partitions the replaced partitions
 */
record BatchContent(
    List<DataFile> files,
    ScanFilter scanFilter,
    Optional<RowPredicate> predicate,
    List<Map<String, Object>> partitions) {
  /** The content of an empty batch. */
  static final BatchContent EMPTY =
      new BatchContent(List.of(), ScanFilter.ALL, Optional.empty(), List.of());

  /**
   * Finds the content of an issued batch; empty if it can no longer be determined, because
   * snapshots expired or the subscription reads other columns.
   *
   * @param main the snapshots after the position at which the batch starts
   * @param visible what the reader sees
   */
  static Optional<BatchContent> of(
      Table table, MainSnapshots main, PendingBatch batch, RowVisibility visible) {
    Batch.Kind kind = StoredConstant.of(Batch.Kind.class, batch.kind(), "a batch");
    if (kind == Batch.Kind.RESET) {
      return whole(table, batch);
    }
    int end = main.indexOf(batch.end());
    if (end < 0 || main.gap().isPresent() || isAnyFilterLost(table, main)) {
      return Optional.empty();
    }
    Snapshot last = main.snapshots().get(end);
    ScanFilter scanFilter =
        ScanFilter.without(
            erased(table, main.snapshots().subList(end + 1, main.snapshots().size())));
    if (kind == Batch.Kind.ADDED) {
      return Optional.of(
          new BatchContent(added(table, main, end), scanFilter, Optional.empty(), List.of()));
    }
    SnapshotChange change = SnapshotChange.of(table, last);
    if (!RemovedRowsFilter.areVisible(table, last, change, visible)) {
      return Optional.empty();
    }
    RemovedRowsFilter removed = RemovedRowsFilter.of(table, last, change);
    return Optional.of(
        switch (change) {
          case ERASED ->
              new BatchContent(List.of(), ScanFilter.ALL, removed.filter(), removed.partitions());
          // Rewritten files also contain retained rows, for which the filter is not true.
          case REPLACED_WHERE ->
              new BatchContent(
                  SnapshotFiles.added(table, last),
                  scanFilter.and(removed.filter().orElseThrow()),
                  removed.filter(),
                  removed.partitions());
          default ->
              new BatchContent(
                  SnapshotFiles.added(table, last),
                  scanFilter,
                  removed.filter(),
                  removed.partitions());
        });
  }

  /** Returns true if one of these snapshots removed rows by a filter that is no longer stored. */
  private static boolean isAnyFilterLost(Table table, MainSnapshots main) {
    return main.snapshots().stream()
        .anyMatch(snapshot -> SnapshotChange.isFilterLost(table, snapshot));
  }

  private static List<DataFile> added(Table table, MainSnapshots main, int end) {
    List<List<Snapshot>> runs = new ArrayList<>();
    boolean continues = false;
    for (Snapshot snapshot : main.snapshots().subList(0, end + 1)) {
      boolean adds = SnapshotChange.of(table, snapshot) == SnapshotChange.ADDED;
      if (adds && !continues) { // one in between may have compacted the files of earlier ones
        runs.add(new ArrayList<>());
      }
      if (adds) {
        runs.get(runs.size() - 1).add(snapshot);
      }
      continues = adds;
    }
    return runs.stream().flatMap(run -> SnapshotFiles.added(table, run).stream()).toList();
  }

  /** Returns the whole table at the end of the batch, which may be its start. */
  private static Optional<BatchContent> whole(Table table, PendingBatch batch) {
    MainSnapshots after = MainSnapshots.after(table, batch.end().major(), batch.end());
    return batch
        .end()
        .snapshotId()
        .filter(any -> after.gap().isEmpty() && !isAnyFilterLost(table, after))
        .map(id -> table.snapshot(Long.parseLong(id)))
        .map(
            last ->
                new BatchContent(
                    SnapshotFiles.of(table, last),
                    ScanFilter.without(erased(table, after.snapshots())),
                    Optional.empty(),
                    List.of()));
  }

  private static List<RowPredicate> erased(Table table, List<Snapshot> snapshots) {
    List<RowPredicate> erased = new ArrayList<>();
    for (Snapshot snapshot : snapshots) {
      if (SnapshotChange.of(table, snapshot) == SnapshotChange.ERASED) {
        erased.add(RemovedRowsFilter.filter(table, snapshot));
      }
    }
    return erased;
  }
}
