package io.meshwork.internal.scan;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.table.ErasedFiles;
import io.meshwork.internal.table.Manifests;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** The data files of a snapshot, read from its manifests in the calling thread. */
public final class SnapshotFiles {
  /**
   * The name of a file: the ID of the publish and the number of the file. In between, compaction
   * writes the lowest sequence number of the compacted files.
   */
  private static final Pattern NAME =
      Pattern.compile("(?:.*/)?([^/]*?)(?:-s([0-9]{1,18}))?-([0-9]{1,18})\\.parquet");

  private SnapshotFiles() {}

  /**
   * The live data files of a snapshot, in the order in which they were written: by commit, and
   * within a commit by number.
   *
   * @throws BackendException if a manifest, which the message names, is missing or damaged; a
   *     retryable one if it could not be read now; or if files of deleted rows belong to the
   *     snapshot, without which data files have other rows than the table
   * @throws io.meshwork.error.ConflictException SNAPSHOT_EXPIRED, retryable, if the snapshot was
   *     removed in the meantime
   */
  public static List<DataFile> of(Table table, Snapshot snapshot) {
    return of(table, snapshot, null);
  }

  /**
   * The same without the files that certainly contain no matching row.
   *
   * @param filter a filter on the table's columns; null for all files
   */
  public static List<DataFile> of(Table table, Snapshot snapshot, @Nullable RowPredicate filter) {
    return inWrittenOrder(
        list(
            table,
            snapshot,
            manifest -> filter == null || mayMatch(manifest, table, filter),
            file -> filter == null || filter.mayMatch(file)));
  }

  /**
   * The live data files of a snapshot in any order, which takes a fraction of the time.
   *
   * @throws BackendException as above
   */
  public static List<DataFile> inAnyOrder(Table table, Snapshot snapshot) {
    return list(table, snapshot, manifest -> true, file -> true);
  }

  /**
   * The live data files in the manifests of a snapshot that an earlier one does not have, in any
   * order. No other manifest is read. Files of the earlier one may be among them, if manifests were
   * merged.
   *
   * @throws BackendException as above
   */
  public static List<DataFile> since(Table table, Snapshot snapshot, Snapshot earlier) {
    Set<String> earlierManifests =
        Manifests.ofData(table, earlier).stream()
            .map(ManifestFile::path)
            .collect(Collectors.toSet());
    return list(
        table, snapshot, manifest -> !earlierManifests.contains(manifest.path()), file -> true);
  }

  /** Returns files without some others, which are found by their locations. */
  public static List<DataFile> without(List<DataFile> files, List<DataFile> others) {
    Set<String> locations =
        others.stream().map(DataFile::location).collect(Collectors.toCollection(HashSet::new));
    return files.stream().filter(file -> !locations.contains(file.location())).toList();
  }

  /**
   * The data files that a snapshot added, in the order in which they were written. Existing files
   * are not included, even if the snapshot moved them to another manifest.
   *
   * @throws BackendException as above
   */
  public static List<DataFile> added(Table table, Snapshot snapshot) {
    return added(table, List.of(snapshot));
  }

  /**
   * The data files that successive snapshots added, in the order in which they were written. Only
   * the manifests of the last one are read: the manifests of all, with what they merged, would be
   * quadratic in their number.
   *
   * @param snapshots successive ones that removed no file, oldest first; not empty
   * @throws BackendException as above
   */
  public static List<DataFile> added(Table table, List<Snapshot> snapshots) {
    Set<Long> sequences =
        snapshots.stream().map(Snapshot::sequenceNumber).collect(Collectors.toSet());
    long first = Collections.min(sequences);
    List<DataFile> files =
        inWrittenOrder(
            list(
                table,
                snapshots.get(snapshots.size() - 1),
                manifest -> manifest.sequenceNumber() >= first,
                file -> sequences.contains(sequence(file))));
    files.sort(Comparator.comparingLong(SnapshotFiles::sequence)); // stable
    return files;
  }

  private static List<DataFile> list(
      Table table,
      Snapshot snapshot,
      java.util.function.Predicate<ManifestFile> manifests,
      java.util.function.Predicate<DataFile> included) {
    requireNoDeletes(table, snapshot);
    List<DataFile> files = new ArrayList<>();
    for (ManifestFile manifest : Manifests.ofData(table, snapshot)) {
      if (manifests.test(manifest)) {
        files.addAll(Manifests.live(table, snapshot, manifest, included));
      }
    }
    return files;
  }

  /** Returns files in the order in which their rows were published. */
  static List<DataFile> inWrittenOrder(List<DataFile> files) {
    return files.stream()
        .map(WrittenFile::of)
        .sorted(WrittenFile.ORDER)
        .map(WrittenFile::file)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** A file, with the facts in its name, which is parsed once. */
  private record WrittenFile(DataFile file, long sequence, String writer, long number) {
    static final Comparator<WrittenFile> ORDER =
        Comparator.comparingLong(WrittenFile::sequence)
            .thenComparing(WrittenFile::writer)
            .thenComparingLong(WrittenFile::number)
            .thenComparing(written -> written.file.location());

    static WrittenFile of(DataFile file) {
      Matcher name = NAME.matcher(file.location());
      return name.matches()
          ? new WrittenFile(
              file, originalSequence(file, name), name.group(1), Long.parseLong(name.group(3)))
          : new WrittenFile(file, SnapshotFiles.sequence(file), "", 0);
    }
  }

  /**
   * Rejects position deletes, deletion vectors, and equality deletes, which the mesh neither writes
   * nor commits: an engine may have them on a branch.
   */
  private static void requireNoDeletes(Table table, Snapshot snapshot) {
    if (hasDeletes(table, snapshot)) {
      throw Failure.of(
              MeshAction.of(
                  Verb.LIST,
                  "the files of " + table.name() + ", snapshot " + snapshot.snapshotId()))
          .because(
              "files of deleted rows belong to it (position deletes, deletion vectors, or equality"
                  + " deletes), which an engine wrote and a mesh does not read")
          .fix("Rewrite its data files with the engine, so that no deletes are left.")
          .lasting(ErrorCode.DATA_DAMAGED);
    }
  }

  /**
   * Returns true if a snapshot has files of deleted rows.
   *
   * @throws BackendException as above
   */
  public static boolean hasDeletes(Table table, Snapshot snapshot) {
    return Manifests.ofDeletes(table, snapshot).stream()
        .anyMatch(manifest -> manifest.hasAddedFiles() || manifest.hasExistingFiles());
  }

  /** False only if the partition ranges of a manifest exclude all rows. */
  private static boolean mayMatch(ManifestFile manifest, Table table, RowPredicate filter) {
    PartitionSpec spec = table.specs().get(manifest.partitionSpecId());
    return spec == null || filter.mayMatch(manifest, spec);
  }

  /**
   * The sequence number of the commit that published the first rows of a file, even if they were
   * compacted since. It orders the files of a table.
   */
  public static long originalSequence(DataFile file) {
    return WrittenFile.of(file).sequence();
  }

  private static long originalSequence(DataFile file, Matcher name) {
    boolean compacted = name.group(2) != null && ErasedFiles.isOfPublish(file.location());
    return compacted ? Long.parseLong(name.group(2)) : sequence(file);
  }

  private static long sequence(DataFile file) {
    Long sequence = file.fileSequenceNumber();
    return sequence == null ? 0 : sequence;
  }

  /** The part of a compacted file's name that contains its original sequence number. */
  public static String sequenceSuffix(long sequence) {
    return "-s" + sequence;
  }
}
