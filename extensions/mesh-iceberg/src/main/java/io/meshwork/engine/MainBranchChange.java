package io.meshwork.engine;

import io.meshwork.internal.quality.CompactionCheck;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.Manifests;
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
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The change of a commit to main, the branch that readers see. Snapshots are checked when main
 * reaches them, not when they are created: rows on other branches are unchecked until the branch is
 * merged into main.
 *
 * @param head the new snapshot of main
 * @param snapshots the snapshots that main newly reaches, oldest first
 * @param appended the data files that add rows
 * @param violations the changes that engines may not make; empty if all are allowed
 */
record MainBranchChange(
    Snapshot head, List<Snapshot> snapshots, List<DataFile> appended, List<String> violations) {
  private static final String OTHER_HISTORY = "main with another history (rollback or replace)";

  /** The change of a commit to main; null if main does not move. */
  static @Nullable MainBranchChange of(TableMetadata base, TableMetadata next, Table table) {
    Snapshot before = base.currentSnapshot();
    Snapshot head = next.currentSnapshot();
    if (head == null) {
      return before == null
          ? null
          : new MainBranchChange(before, List.of(), List.of(), List.of(OTHER_HISTORY));
    }
    if (before != null && before.snapshotId() == head.snapshotId()) {
      return null;
    }
    Deque<Snapshot> reached = new ArrayDeque<>();
    Snapshot ancestor = head;
    while (ancestor != null && (before == null || ancestor.snapshotId() != before.snapshotId())) {
      reached.addFirst(ancestor);
      Long parent = ancestor.parentId();
      ancestor = parent == null ? null : next.snapshot(parent);
    }
    if (before != null && ancestor == null) {
      return new MainBranchChange(head, List.of(), List.of(), List.of(OTHER_HISTORY));
    }
    return evaluate(head, List.copyOf(reached), table);
  }

  /** True if it adds rows; false if it only rewrites files. */
  boolean appends() {
    return snapshots.stream().anyMatch(MainBranchChange::isAppend);
  }

  /** True if this commit itself writes rows to main, instead of moving it to a branch. */
  boolean writesRows(TableMetadata base) {
    return snapshots.stream()
        .anyMatch(
            snapshot ->
                base.snapshot(snapshot.snapshotId()) == null
                    && !DataOperations.REPLACE.equals(snapshot.operation()));
  }

  /** True if it only removes rows. */
  boolean deletes() {
    return snapshots.stream()
        .allMatch(snapshot -> DataOperations.DELETE.equals(snapshot.operation()));
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

  private static MainBranchChange evaluate(Snapshot head, List<Snapshot> reached, Table table) {
    List<DataFile> appended = new ArrayList<>();
    List<String> violations = new ArrayList<>();
    for (Snapshot snapshot : reached) {
      boolean append = isAppend(snapshot);
      if (!append && !DataOperations.REPLACE.equals(snapshot.operation())) {
        violations.add("operation " + snapshot.operation());
        continue;
      }
      Manifests.Changes changes = Manifests.changes(table, snapshot);
      List<DataFile> added = changes.added();
      List<DataFile> removed = changes.removed();
      if (!changes.addedDeletes().isEmpty() || !changes.removedDeletes().isEmpty()) {
        violations.add("delete files (merge-on-read)");
      }
      if (append && !removed.isEmpty()) {
        violations.add("removal of data files");
      } else if (!append && !keepsRows(added, removed, snapshot, table)) {
        violations.add("operation replace without proof that all rows remain");
      }
      checkFiles(added, table, violations);
      if (append) {
        appended.addAll(added);
      }
    }
    return new MainBranchChange(
        head, reached, List.copyOf(appended), violations.stream().distinct().toList());
  }

  /** Manifest entries of removed files have no statistics; the parent snapshot has them. */
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

  private static void checkFiles(List<DataFile> added, Table table, List<String> violations) {
    long outside =
        added.stream()
            .filter(file -> !CanonicalLocation.isBelow(table.location() + "/data", file.location()))
            .count();
    if (outside > 0) {
      violations.add(outside + " files outside the table's folder");
    }
    boolean parquet =
        added.stream()
            .allMatch(
                file -> file.format() == FileFormat.PARQUET && file.content() == FileContent.DATA);
    if (!parquet) {
      violations.add("files that are not Parquet");
    }
    if (added.stream().anyMatch(file -> file.specId() != table.spec().specId())) {
      violations.add("files of another partition spec");
    }
    if (added.stream().anyMatch(file -> file.keyMetadata() != null)) {
      violations.add("encrypted files");
    }
  }
}
