package io.meshwork.internal.erasure;

import io.meshwork.internal.table.TableName;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Where one table has the rows of an erasure. Immutable.
 *
 * @param table the state that was scanned
 * @param contents what each snapshot references
 * @param matches the numbers of matching rows by location of a data file
 */
record TableErasure(
    TableName name, Table table, Map<Long, SnapshotContent> contents, Map<String, Long> matches) {
  /**
   * What a snapshot references.
   *
   * @param manifests all manifests
   * @param holding manifests with values of the rows, in entries of live or removed files
   * @param files data and delete files
   * @param hasFilter true if its summary has a filter
   */
  record SnapshotContent(
      String manifestList,
      Set<String> manifests,
      Set<String> holding,
      Set<String> files,
      boolean hasFilter) {
    boolean holds() {
      return hasFilter || !holding.isEmpty();
    }
  }

  private Optional<SnapshotContent> newest() {
    return Optional.ofNullable(table.currentSnapshot())
        .map(snapshot -> contents.get(snapshot.snapshotId()));
  }

  /** The number of rows in the newest snapshot. */
  long rows() {
    return newest().map(content -> matchesIn(content.files())).orElse(0L);
  }

  private long matchesIn(Set<String> files) {
    return files.stream().mapToLong(file -> matches.getOrDefault(file, 0L)).sum();
  }

  /** The manifests of the newest snapshot with values of the rows. */
  Set<String> holdingNow() {
    return newest().map(SnapshotContent::holding).orElse(Set.of());
  }

  /** True if the newest snapshot has values of the rows outside of data files. */
  boolean newestHolds() {
    return newest().filter(SnapshotContent::holds).isPresent();
  }

  /** The snapshots with the rows or values of them, except the newest. */
  Set<Long> earlier() {
    Set<Long> holding = holding();
    Snapshot newest = table.currentSnapshot();
    if (newest != null) {
      holding.remove(newest.snapshotId());
    }
    return holding;
  }

  /** The snapshots with the rows or values of them. */
  Set<Long> holding() {
    Set<Long> holding = new TreeSet<>();
    contents.forEach(
        (id, content) -> {
          if (content.holds()) {
            holding.add(id);
          }
        });
    return holding;
  }

  /** The data files that all snapshots reference. */
  Set<String> files() {
    Set<String> files = new HashSet<>();
    contents.values().forEach(content -> files.addAll(content.files()));
    return files;
  }

  /** The data files with matching rows. */
  Set<String> holdingFiles() {
    Set<String> files = files();
    files.removeIf(file -> matches.getOrDefault(file, 0L) == 0);
    return files;
  }

  /** The files that only these snapshots reference. */
  Set<String> filesOnlyOf(Set<Long> snapshots) {
    Set<String> only = new TreeSet<>();
    Set<String> retained = new HashSet<>();
    contents.forEach(
        (id, content) -> {
          Set<String> target = snapshots.contains(id) ? only : retained;
          target.add(content.manifestList());
          target.addAll(content.manifests());
          target.addAll(content.files());
        });
    table
        .statisticsFiles()
        .forEach(
            file -> (snapshots.contains(file.snapshotId()) ? only : retained).add(file.path()));
    table
        .partitionStatisticsFiles()
        .forEach(
            file -> (snapshots.contains(file.snapshotId()) ? only : retained).add(file.path()));
    only.removeAll(retained);
    return only;
  }
}
