package io.meshwork.internal.consume;

import io.meshwork.consume.Batch;
import io.meshwork.internal.scan.SnapshotFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/**
 * What the next batch is to tell: the first snapshots of a walk that are of one kind. If any of the
 * walk cannot be told in rows, it is the whole table as it is now.
 *
 * @param kind what happened
 * @param end the last snapshot of the batch
 * @param reason why the whole table is handed out; empty for other kinds
 */
record NextBatch(Batch.Kind kind, Snapshot end, Optional<String> reason) {
  /**
   * The news of a walk; empty if nothing happened to the rows.
   *
   * @param visible by what the consumer tells rows from others
   * @param others why the rows of before are not those that this reader sees; empty if they are
   * @param atMost how many added rows are joined; a snapshot is never split, and none are joined
   *     for one who does not see every row, since their number tells of the others
   */
  static Optional<NextBatch> of(
      Table table,
      MainSnapshots walk,
      RowVisibility visible,
      Optional<String> others,
      long atMost) {
    List<SnapshotChange> deeds = new ArrayList<>();
    Optional<String> reset = walk.broken().or(() -> others);
    for (Snapshot snapshot : walk.since()) {
      SnapshotChange deed = SnapshotChange.of(table, snapshot, visible);
      deeds.add(deed);
      Optional<String> reason = deed.reasonToReset();
      if (reason.isEmpty() && !RemovedRowsFilter.areVisible(table, snapshot, deed, visible)) {
        reason =
            Optional.of(
                visible.everyRow()
                    ? "rows went by columns that the subscription does not read"
                    : "rows went, and the reader does not see all rows");
      }
      reset = reason.isPresent() ? reason : reset;
    }
    if (reset.isPresent()) {
      Optional<String> reason = reset;
      return walk.newest()
          .or(() -> others.map(any -> table.currentSnapshot()))
          .map(head -> new NextBatch(Batch.Kind.RESET, head, reason));
    }
    int first = 0;
    while (first < deeds.size() && deeds.get(first) == SnapshotChange.NOTHING) {
      first++;
    }
    if (first == deeds.size()) {
      return Optional.empty();
    }
    Batch.Kind kind =
        switch (deeds.get(first)) {
          case ADDED -> Batch.Kind.ADDED;
          case ERASED -> Batch.Kind.ERASED;
          default -> Batch.Kind.REPLACED;
        };
    long joined = visible.everyRow() ? atMost : -1; // not even with one that adds no row
    int last = kind == Batch.Kind.ADDED ? joined(table, walk.since(), deeds, first, joined) : first;
    return Optional.of(new NextBatch(kind, walk.since().get(last), Optional.empty()));
  }

  private static int joined(
      Table table, List<Snapshot> since, List<SnapshotChange> deeds, int first, long atMost) {
    long rows = 0;
    int last = first;
    for (int i = first; i < since.size(); i++) {
      if (deeds.get(i) == SnapshotChange.ADDED) {
        rows += rows(table, since.get(i));
        if (i > first && rows > atMost) {
          break;
        }
      } else if (deeds.get(i) != SnapshotChange.NOTHING) {
        break;
      }
      last = i;
    }
    return last;
  }

  private static long rows(Table table, Snapshot snapshot) {
    String rows = snapshot.summary().get(SnapshotSummary.ADDED_RECORDS_PROP);
    return rows != null
        ? Long.parseLong(rows)
        : SnapshotFiles.added(table, snapshot).stream().mapToLong(DataFile::recordCount).sum();
  }
}
