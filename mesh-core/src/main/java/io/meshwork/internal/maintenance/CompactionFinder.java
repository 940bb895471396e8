package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.leftovers.BackFillTables;
import io.meshwork.internal.leftovers.MaintenanceLimits;
import io.meshwork.internal.leftovers.RetiredTables;
import io.meshwork.internal.leftovers.TableLeftovers;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import io.meshwork.internal.table.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.StructLikeWrapper;

/**
 * Finds runs of small files of one partition that are adjacent in the order in which rows were
 * published, so that merging each run into one file preserves the order.
 *
 * <p>A file that is larger than all files after it in its run is left out: otherwise its rows would
 * be rewritten each time that a few rows follow.
 */
final class CompactionFinder implements MaintenanceTask.Finder {
  private static final long MAX_RUN_BYTES = 128L << 20;

  /** The maximum number of runs in one commit, which together have at most MAX_RUN_BYTES. */
  private static final int MAX_RUNS = 16;

  private final ClientSession session;
  private final MaintenanceLimits limits;

  CompactionFinder(ClientSession session, MaintenanceLimits limits) {
    this.session = session;
    this.limits = limits;
  }

  @Override
  public void find(MeshInventory inventory, MaintenanceQueue queue) {
    for (TableName name : inventory.allTables()) {
      queue.inspect(
          name.toString(),
          () -> {
            Table table = session.tables().load(name);
            Snapshot newest = table.currentSnapshot();
            if (newest == null || BackFillTables.isRecord(session, name, table)) {
              return;
            }
            if (SnapshotFiles.hasDeletes(table, newest)) {
              return;
            }
            List<DataFile> files = SnapshotFiles.of(table, newest);
            if (hasDuplicates(files)) {
              queue.skip(duplicates(name));
              return;
            }
            // What other programs wrote stays where it is.
            ColumnNames names = ColumnNames.of(table);
            List<DataFile> own =
                files.stream().filter(file -> !names.isOfOtherProgram(file.location())).toList();
            List<List<DataFile>> runs = runs(table, own);
            if (runs.isEmpty()
                || RetiredTables.isRetained(session, name)
                || TableLeftovers.isRegistryBehind(session, name, inventory.folder())) {
              return;
            }
            groups(runs).forEach(group -> queue.add(new TableCompaction(session, name, group)));
          });
    }
  }

  private static boolean hasDuplicates(List<DataFile> files) {
    return !RefExamination.duplicates(files.stream().map(DataFile::location).toList()).isEmpty();
  }

  private static Finding duplicates(TableName name) {
    return Finding.error(
        FindingCode.FILE_REFERENCED_TWICE,
        name.toString(),
        "Its newest snapshot references files more than once, so their rows are read more than once."
            + " It was not compacted.",
        MaintenanceQueue.RUN_DOCTOR);
  }

  /** Groups runs into commits, so that finished commits remain if the time is over. */
  private static List<List<List<DataFile>>> groups(List<List<DataFile>> runs) {
    List<List<List<DataFile>>> groups = new ArrayList<>();
    List<List<DataFile>> group = new ArrayList<>();
    long bytes = 0;
    for (List<DataFile> run : runs) {
      long runBytes = bytes(run);
      boolean full = group.size() == MAX_RUNS || bytes + runBytes > MAX_RUN_BYTES;
      if (full && !group.isEmpty()) {
        groups.add(group);
        group = new ArrayList<>();
        bytes = 0;
      }
      group.add(run);
      bytes += runBytes;
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    return groups;
  }

  private List<List<DataFile>> runs(Table table, List<DataFile> files) {
    Map<Object, List<DataFile>> partitions = new LinkedHashMap<>();
    StructLikeWrapper partition = StructLikeWrapper.forType(table.spec().partitionType());
    for (DataFile file : files) {
      if (file.specId() == table.spec().specId()) {
        partitions
            .computeIfAbsent(
                table.spec().isUnpartitioned() ? "" : partition.copyFor(file.partition()),
                absent -> new ArrayList<>())
            .add(file);
      }
    }
    List<List<DataFile>> runs = new ArrayList<>();
    partitions.values().forEach(partitionFiles -> addRuns(partitionFiles, runs));
    return runs;
  }

  private void addRuns(List<DataFile> files, List<List<DataFile>> runs) {
    List<DataFile> run = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      DataFile file = files.get(i);
      boolean small =
          file.fileSizeInBytes() < limits.smallFileBytes() && file.format() == FileFormat.PARQUET;
      if (small) {
        run.add(file);
      }
      boolean last = i + 1 == files.size();
      if (last || !small || bytes(run) >= MAX_RUN_BYTES) {
        DataFile next = !small ? file : last ? null : files.get(i + 1);
        addIfWorthwhile(run, next, runs);
        run = new ArrayList<>();
      }
    }
  }

  private void addIfWorthwhile(
      List<DataFile> run,
      @org.jspecify.annotations.Nullable DataFile next,
      List<List<DataFile>> runs) {
    List<DataFile> files = run;
    while (files.size() >= limits.minFiles()
        && files.get(0).fileSizeInBytes() > bytes(files.subList(1, files.size()))) {
      files = files.subList(1, files.size());
    }
    if (files.size() < limits.minFiles()) {
      return;
    }
    long first = SnapshotFiles.originalSequence(files.get(0));
    boolean keepsOrder =
        next == null
            || SnapshotFiles.originalSequence(next) > first
            || SnapshotFiles.originalSequence(files.get(files.size() - 1)) > first;
    if (keepsOrder) {
      runs.add(List.copyOf(files));
    }
  }

  static long bytes(List<DataFile> files) {
    return files.stream().mapToLong(DataFile::fileSizeInBytes).sum();
  }
}
