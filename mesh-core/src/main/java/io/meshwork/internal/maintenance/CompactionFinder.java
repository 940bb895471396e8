package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.ClientSession;
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
 * Finds runs of small files of one partition that lie next to each other in the order in which rows
 * were published, so that the order stays when each run becomes one file.
 *
 * <p>A file that is larger than all those behind it in its run stays out: else the same rows would
 * be written anew each time that a few come after them.
 */
final class CompactionFinder implements MaintenanceTask.Finder {
  private static final long LONGEST_RUN_BYTES = 128L << 20;

  /** So many runs of one table are committed together, if they are not larger than one may be. */
  private static final int MOST_RUNS = 16;

  private final ClientSession session;
  private final MaintenanceLimits limits;

  CompactionFinder(ClientSession session, MaintenanceLimits limits) {
    this.session = session;
    this.limits = limits;
  }

  @Override
  public void find(MeshInventory inventory, MaintenanceQueue due) {
    for (TableName name : inventory.allTables()) {
      due.inspect(
          name.toString(),
          () -> {
            Table table = session.tables().load(name);
            Snapshot newest = table.currentSnapshot();
            if (newest == null) {
              return;
            }
            // Read here, so that a store that fails is told as such; Iceberg keeps the list.
            List<DataFile> files = SnapshotFiles.of(table, newest);
            if (!newest.deleteManifests(table.io()).isEmpty()) {
              return;
            }
            if (isNamedTwice(files)) {
              due.skip(namedTwice(name));
              return;
            }
            List<List<DataFile>> runs = runs(table, files);
            inGroups(runs).forEach(group -> due.add(new TableCompaction(session, name, group)));
          });
    }
  }

  private static boolean isNamedTwice(List<DataFile> files) {
    return !RefExamination.twice(files.stream().map(DataFile::location).toList()).isEmpty();
  }

  private static Finding namedTwice(TableName name) {
    return Finding.error(
        "FILE_TWICE",
        name.toString(),
        "Its newest snapshot names files more than once, so their rows are read more than once."
            + " It was not compacted.",
        MaintenanceQueue.LOOK);
  }

  /** Each is committed by itself, so that it stays if the time is over before the next. */
  private static List<List<List<DataFile>>> inGroups(List<List<DataFile>> runs) {
    List<List<List<DataFile>>> groups = new ArrayList<>();
    List<List<DataFile>> group = new ArrayList<>();
    long bytes = 0;
    for (List<DataFile> run : runs) {
      long more = bytes(run);
      boolean full = group.size() == MOST_RUNS || bytes + more > LONGEST_RUN_BYTES;
      if (full && !group.isEmpty()) {
        groups.add(group);
        group = new ArrayList<>();
        bytes = 0;
      }
      group.add(run);
      bytes += more;
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
    partitions.values().forEach(of -> runs(of, runs));
    return runs;
  }

  private void runs(List<DataFile> files, List<List<DataFile>> runs) {
    List<DataFile> run = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      DataFile file = files.get(i);
      boolean small =
          file.fileSizeInBytes() < limits.smallFileBytes() && file.format() == FileFormat.PARQUET;
      if (small) {
        run.add(file);
      }
      boolean last = i + 1 == files.size();
      if (last || !small || bytes(run) >= LONGEST_RUN_BYTES) {
        DataFile next = !small ? file : last ? null : files.get(i + 1);
        worthIt(run, next, runs);
        run = new ArrayList<>();
      }
    }
  }

  private void worthIt(
      List<DataFile> run,
      @org.jspecify.annotations.Nullable DataFile next,
      List<List<DataFile>> runs) {
    List<DataFile> worth = run;
    while (worth.size() >= limits.fewestFiles()
        && worth.get(0).fileSizeInBytes() > bytes(worth.subList(1, worth.size()))) {
      worth = worth.subList(1, worth.size());
    }
    if (worth.size() < limits.fewestFiles()) {
      return;
    }
    long first = SnapshotFiles.originalSequence(worth.get(0));
    boolean keepsItsPlace =
        next == null
            || SnapshotFiles.originalSequence(next) > first
            || SnapshotFiles.originalSequence(worth.get(worth.size() - 1)) > first;
    if (keepsItsPlace) {
      runs.add(List.copyOf(worth));
    }
  }

  static long bytes(List<DataFile> files) {
    return files.stream().mapToLong(DataFile::fileSizeInBytes).sum();
  }
}
