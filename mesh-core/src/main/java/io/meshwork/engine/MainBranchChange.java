package io.meshwork.engine;

import io.meshwork.internal.quality.CompactionCheck;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.table.CanonicalLocation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What a commit does to main, which is what readers see. Snapshots count when main reaches them,
 * not when they are made: rows may lie on a branch unjudged, and are judged when the branch is
 * brought onto main.
 *
 * @param head the snapshot that main comes to be at
 * @param snapshots those that main did not reach before, oldest first
 * @param appended data files that add rows
 * @param refused names of what engines may not do; empty if all of it is allowed
 */
record MainBranchChange(
    Snapshot head, List<Snapshot> snapshots, List<DataFile> appended, List<String> refused) {
  private static final String ASIDE = "main without its own past (rollback or replace)";

  /** What a commit does to main; null if main stays where it is. */
  static @Nullable MainBranchChange of(TableMetadata base, TableMetadata next, Table table) {
    Snapshot before = base.currentSnapshot();
    Snapshot head = next.currentSnapshot();
    if (head == null) {
      return before == null
          ? null
          : new MainBranchChange(before, List.of(), List.of(), List.of(ASIDE));
    }
    if (before != null && before.snapshotId() == head.snapshotId()) {
      return null;
    }
    Deque<Snapshot> reached = new ArrayDeque<>();
    Snapshot each = head;
    while (each != null && (before == null || each.snapshotId() != before.snapshotId())) {
      reached.addFirst(each);
      Long parent = each.parentId();
      each = parent == null ? null : next.snapshot(parent);
    }
    if (before != null && each == null) {
      return new MainBranchChange(head, List.of(), List.of(), List.of(ASIDE));
    }
    return walk(head, List.copyOf(reached), table);
  }

  /** True if it adds rows, and not only lays out anew those that are there. */
  boolean appends() {
    return snapshots.stream().anyMatch(MainBranchChange::isAppend);
  }

  long rows() {
    return appended.stream().mapToLong(DataFile::recordCount).sum();
  }

  long bytes() {
    return appended.stream().mapToLong(DataFile::fileSizeInBytes).sum();
  }

  static boolean isAppend(Snapshot snapshot) {
    return DataOperations.APPEND.equals(snapshot.operation());
  }

  private static MainBranchChange walk(Snapshot head, List<Snapshot> reached, Table table) {
    List<DataFile> appended = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (Snapshot snapshot : reached) {
      boolean append = isAppend(snapshot);
      if (!append && !DataOperations.REPLACE.equals(snapshot.operation())) {
        refused.add("operation " + snapshot.operation());
        continue;
      }
      SnapshotChanges changes = SnapshotChanges.builderFor(table).snapshot(snapshot).build();
      List<DataFile> added = list(changes.addedDataFiles());
      List<DataFile> removed = list(changes.removedDataFiles());
      if (changes.addedDeleteFiles().iterator().hasNext()
          || changes.removedDeleteFiles().iterator().hasNext()) {
        refused.add("delete files (merge-on-read)");
      }
      if (append && !removed.isEmpty()) {
        refused.add("removal of data files");
      } else if (!append && !keepsRows(added, removed, snapshot, table)) {
        refused.add("operation replace that does not show that it keeps all rows");
      }
      files(added, table, refused);
      if (append) {
        appended.addAll(added);
      }
    }
    return new MainBranchChange(
        head, reached, List.copyOf(appended), refused.stream().distinct().toList());
  }

  /** Entries of removed files carry no statistics, so these are read where the files were alive. */
  private static boolean keepsRows(
      List<DataFile> added, List<DataFile> removed, Snapshot snapshot, Table table) {
    Long parent = snapshot.parentId();
    Snapshot before = parent == null ? null : table.snapshot(parent);
    if (before == null) {
      return false;
    }
    Set<String> locations = removed.stream().map(DataFile::location).collect(Collectors.toSet());
    List<DataFile> replaced =
        SnapshotFiles.of(table, before).stream()
            .filter(file -> locations.contains(file.location()))
            .toList();
    return replaced.size() == removed.size()
        && CompactionCheck.keepsRows(added, replaced, table.schema());
  }

  private static void files(List<DataFile> added, Table table, List<String> refused) {
    long strange =
        added.stream()
            .filter(file -> !CanonicalLocation.isBelow(table.location() + "/data", file.location()))
            .count();
    if (strange > 0) {
      refused.add(strange + " files outside of the table's folder");
    }
    boolean parquet =
        added.stream()
            .allMatch(
                file -> file.format() == FileFormat.PARQUET && file.content() == FileContent.DATA);
    if (!parquet) {
      refused.add("files that are not Parquet");
    }
    if (added.stream().anyMatch(file -> file.specId() != table.spec().specId())) {
      refused.add("files of another partitioning");
    }
    if (added.stream().anyMatch(file -> file.keyMetadata() != null)) {
      refused.add("encrypted files");
    }
  }

  private static List<DataFile> list(Iterable<DataFile> files) {
    List<DataFile> list = new ArrayList<>();
    files.forEach(list::add);
    return list;
  }
}
