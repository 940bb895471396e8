package io.meshwork.internal.scan;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.table.ParsedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.ManifestEvaluator;
import org.jspecify.annotations.Nullable;

/** The data files of a snapshot, read from its manifests in the calling thread. */
public final class SnapshotFiles {
  static final Comparator<DataFile> IN_WRITTEN_ORDER =
      Comparator.comparingLong(SnapshotFiles::sequence)
          .thenComparing(SnapshotFiles::writer)
          .thenComparingLong(SnapshotFiles::number)
          .thenComparing(DataFile::location);

  /** A file's name: the publish that wrote it, and which of its files it is. */
  private static final Pattern NAME = Pattern.compile("(?:.*/)?([^/]*)-([0-9]{1,18})\\.parquet");

  private SnapshotFiles() {}

  /**
   * The live data files of a snapshot, in the order in which they were written: by commit, and in
   * one commit by their numbers.
   *
   * @throws BackendException if a manifest is missing or damaged, naming it; retryable if it may be
   *     whole and could not be read now
   */
  public static List<DataFile> of(Table table, Snapshot snapshot) {
    return of(table, snapshot, null);
  }

  /**
   * The same without the files that certainly hold no row that matches.
   *
   * @param filter read for the table's columns; null for all files
   */
  public static List<DataFile> of(Table table, Snapshot snapshot, @Nullable Predicate filter) {
    ParsedFiles io = new ParsedFiles(table.io());
    List<DataFile> files = new ArrayList<>();
    String reading = snapshot.manifestListLocation();
    try {
      for (ManifestFile manifest : snapshot.dataManifests(io)) {
        reading = manifest.path();
        if (filter != null && !mayMatch(manifest, table, filter)) {
          continue;
        }
        try (ManifestReader<DataFile> entries = ManifestFiles.read(manifest, io, table.specs())) {
          for (DataFile file : entries) {
            if (filter == null || filter.mayMatch(file)) {
              files.add(file.copy());
            }
          }
        }
      }
    } catch (MeshException e) {
      throw e;
    } catch (RuntimeException | IOException e) {
      throw unreadable(io, table, snapshot, reading, e);
    }
    files.sort(IN_WRITTEN_ORDER);
    return files;
  }

  private static BackendException unreadable(
      ParsedFiles io, Table table, Snapshot snapshot, String reading, Exception cause) {
    String tried = "list the files of " + table.name() + ", snapshot " + snapshot.snapshotId();
    return io.failure(tried, reading)
        .orElseGet(
            () ->
                BackendException.lasting(
                    ErrorCode.DATA_DAMAGED,
                    "Cannot "
                        + tried
                        + ": "
                        + reading
                        + " is missing or damaged. Restore it from a backup; doctor() on the mesh lists what"
                        + " else is.",
                    cause));
  }

  /** False only if the partitions that a manifest has files of prove that no row matches. */
  private static boolean mayMatch(ManifestFile manifest, Table table, Predicate filter) {
    PartitionSpec spec = table.specs().get(manifest.partitionSpecId());
    return ManifestEvaluator.forRowFilter(filter.toIceberg(), spec, true).eval(manifest);
  }

  private static long sequence(DataFile file) {
    Long sequence = file.fileSequenceNumber();
    return sequence == null ? 0 : sequence;
  }

  private static String writer(DataFile file) {
    Matcher name = NAME.matcher(file.location());
    return name.matches() ? name.group(1) : "";
  }

  private static long number(DataFile file) {
    Matcher name = NAME.matcher(file.location());
    return name.matches() ? Long.parseLong(name.group(2)) : 0;
  }
}
