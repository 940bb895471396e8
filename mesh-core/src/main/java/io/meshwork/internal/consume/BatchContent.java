package io.meshwork.internal.consume;

import io.meshwork.consume.Batch;
import io.meshwork.internal.catalog.PositionEntry.Pending;
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
 * The rows of a batch: the files that its snapshots added, as they were, without the rows that were
 * erased since. Those files are there as long as their snapshots are, however they were compacted
 * or rewritten later; what an erase took away is known by its filter, which a snapshot of its own
 * holds. Immutable.
 *
 * @param files files that hold the rows
 * @param choice which of their rows they are
 * @param filter true for each row that went; empty if partitions tell, or the kind does
 * @param partitions whose rows went
 */
record BatchContent(
    List<DataFile> files,
    ScanFilter choice,
    Optional<RowPredicate> filter,
    List<Map<String, Object>> partitions) {
  /** That of a batch of nothing. */
  static final BatchContent NOTHING =
      new BatchContent(List.of(), ScanFilter.ALL, Optional.empty(), List.of());

  /**
   * The content of a batch that was handed out; empty if it can no longer be told, since snapshots
   * expired or the subscription reads other columns.
   *
   * @param walk from where the batch begins
   * @param visible by what the consumer tells rows from others
   */
  static Optional<BatchContent> of(
      Table table, MainSnapshots walk, Pending batch, RowVisibility visible) {
    if (batch.kind().equals(Batch.Kind.RESET.name())) {
      return whole(table, batch);
    }
    int end = walk.indexOf(batch.end());
    if (end < 0 || walk.broken().isPresent() || isAnyForgotten(table, walk)) {
      return Optional.empty();
    }
    Snapshot last = walk.since().get(end);
    ScanFilter choice =
        ScanFilter.without(erased(table, walk.since().subList(end + 1, walk.since().size())));
    if (batch.kind().equals(Batch.Kind.ADDED.name())) {
      return Optional.of(
          new BatchContent(added(table, walk, end), choice, Optional.empty(), List.of()));
    }
    SnapshotChange deed = SnapshotChange.of(table, last);
    if (!RemovedRowsFilter.areVisible(table, last, deed, visible)) {
      return Optional.empty();
    }
    RemovedRowsFilter gone = RemovedRowsFilter.of(table, last, deed);
    return Optional.of(
        switch (deed) {
          case ERASED ->
              new BatchContent(List.of(), ScanFilter.ALL, gone.filter(), gone.partitions());
          // Rows that stayed may lie in files that were written anew; the filter is not true there.
          case REPLACED_WHERE ->
              new BatchContent(
                  SnapshotFiles.added(table, last),
                  choice.and(gone.filter().orElseThrow()),
                  gone.filter(),
                  gone.partitions());
          default ->
              new BatchContent(
                  SnapshotFiles.added(table, last), choice, gone.filter(), gone.partitions());
        });
  }

  /** True if nobody knows which rows one of these snapshots took away: its receipt is gone. */
  private static boolean isAnyForgotten(Table table, MainSnapshots walk) {
    return walk.since().stream().anyMatch(snapshot -> SnapshotChange.isForgotten(table, snapshot));
  }

  private static List<DataFile> added(Table table, MainSnapshots walk, int end) {
    List<DataFile> files = new ArrayList<>();
    for (Snapshot snapshot : walk.since().subList(0, end + 1)) {
      if (SnapshotChange.of(table, snapshot) == SnapshotChange.ADDED) {
        files.addAll(SnapshotFiles.added(table, snapshot));
      }
    }
    return files;
  }

  /** The whole table as it was where the batch ends, which may be where it begins. */
  private static Optional<BatchContent> whole(Table table, Pending batch) {
    MainSnapshots after = MainSnapshots.after(table, batch.end().major(), batch.end());
    return batch
        .end()
        .snapshotId()
        .filter(any -> after.broken().isEmpty() && !isAnyForgotten(table, after))
        .map(id -> table.snapshot(Long.parseLong(id)))
        .map(
            last ->
                new BatchContent(
                    SnapshotFiles.of(table, last),
                    ScanFilter.without(erased(table, after.since())),
                    Optional.empty(),
                    List.of()));
  }

  private static List<RowPredicate> erased(Table table, List<Snapshot> since) {
    List<RowPredicate> erased = new ArrayList<>();
    for (Snapshot snapshot : since) {
      if (SnapshotChange.of(table, snapshot) == SnapshotChange.ERASED) {
        erased.add(RemovedRowsFilter.filter(table, snapshot));
      }
    }
    return erased;
  }
}
