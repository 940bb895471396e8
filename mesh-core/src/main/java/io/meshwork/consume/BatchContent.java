package io.meshwork.consume;

import io.meshwork.internal.catalog.PositionEntry.Pending;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.scan.RowChoice;
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
    RowChoice choice,
    Optional<Predicate> filter,
    List<Map<String, Object>> partitions) {
  /** That of a batch of nothing. */
  static final BatchContent NOTHING =
      new BatchContent(List.of(), RowChoice.ALL, Optional.empty(), List.of());

  /**
   * The content of a batch that was handed out; empty if it can no longer be told, since snapshots
   * expired or the subscription reads other columns.
   *
   * @param walk from where the batch begins
   * @param visible by what the consumer tells rows from others
   */
  static Optional<BatchContent> of(Table table, MainWalk walk, Pending batch, Visible visible) {
    int end = walk.indexOf(batch.end());
    if (end < 0) {
      return Optional.empty();
    }
    Snapshot last = walk.since().get(end);
    RowChoice choice = RowChoice.without(erasedSince(table, walk, end));
    if (batch.kind().equals(Batch.Kind.RESET.name())) {
      return Optional.of(
          new BatchContent(SnapshotFiles.of(table, last), choice, Optional.empty(), List.of()));
    } else if (walk.broken().isPresent()) {
      return Optional.empty();
    } else if (batch.kind().equals(Batch.Kind.ADDED.name())) {
      return Optional.of(
          new BatchContent(added(table, walk, end), choice, Optional.empty(), List.of()));
    }
    Deed deed = Deed.of(table, last);
    if (!RowsGone.areVisible(table, last, deed, visible)) {
      return Optional.empty();
    }
    RowsGone gone = RowsGone.of(table, last, deed);
    return Optional.of(
        switch (deed) {
          case ERASED ->
              new BatchContent(List.of(), RowChoice.ALL, gone.filter(), gone.partitions());
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

  private static List<DataFile> added(Table table, MainWalk walk, int end) {
    List<DataFile> files = new ArrayList<>();
    for (Snapshot snapshot : walk.since().subList(0, end + 1)) {
      if (Deed.of(table, snapshot) == Deed.ADDED) {
        files.addAll(SnapshotFiles.added(table, snapshot));
      }
    }
    return files;
  }

  private static List<Predicate> erasedSince(Table table, MainWalk walk, int end) {
    List<Predicate> erased = new ArrayList<>();
    for (Snapshot snapshot : walk.since().subList(end + 1, walk.since().size())) {
      if (Deed.of(table, snapshot) == Deed.ERASED) {
        erased.add(RowsGone.filter(table, snapshot));
      }
    }
    return erased;
  }
}
