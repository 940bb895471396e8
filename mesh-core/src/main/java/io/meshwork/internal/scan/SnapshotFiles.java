package io.meshwork.internal.scan;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.table.ParsedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** The data files of a snapshot, read from its manifests in the calling thread. */
public final class SnapshotFiles {
  /** The order in which rows were published, as far as names and commits tell. */
  public static final Comparator<DataFile> IN_WRITTEN_ORDER =
      Comparator.comparingLong(SnapshotFiles::place)
          .thenComparing(SnapshotFiles::writer)
          .thenComparingLong(SnapshotFiles::number)
          .thenComparing(DataFile::location);

  /**
   * A file's name: the publish that wrote it, and which of its files it is; and in between, where
   * it holds rows of others that were laid out anew, the sequence of the first of those.
   */
  private static final Pattern NAME =
      Pattern.compile("(?:.*/)?([^/]*?)(?:-s([0-9]{1,18}))?-([0-9]{1,18})\\.parquet");

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
  public static List<DataFile> of(Table table, Snapshot snapshot, @Nullable RowPredicate filter) {
    return list(
        table,
        snapshot,
        manifest -> filter == null || mayMatch(manifest, table, filter),
        file -> filter == null || filter.mayMatch(file));
  }

  /**
   * The data files that a snapshot added, in the order in which they were written; those that it
   * found there are not among them, whatever manifest it put them in.
   *
   * @throws BackendException as above
   */
  public static List<DataFile> added(Table table, Snapshot snapshot) {
    return list(
        table,
        snapshot,
        manifest -> manifest.sequenceNumber() == snapshot.sequenceNumber(),
        file -> sequence(file) == snapshot.sequenceNumber());
  }

  private static List<DataFile> list(
      Table table,
      Snapshot snapshot,
      java.util.function.Predicate<ManifestFile> manifests,
      java.util.function.Predicate<DataFile> wanted) {
    List<DataFile> files = new ArrayList<>();
    for (ManifestFile manifest : manifests(table, snapshot)) {
      if (manifests.test(manifest)) {
        forEach(
            table,
            snapshot,
            manifest,
            file -> {
              if (wanted.test(file)) {
                files.add(file.copy());
              }
            });
      }
    }
    files.sort(IN_WRITTEN_ORDER);
    return files;
  }

  /**
   * The manifests of a snapshot's data files, for those who read each once: a manifest never
   * changes.
   *
   * @throws BackendException as above
   */
  public static List<ManifestFile> manifests(Table table, Snapshot snapshot) {
    ParsedFiles io = new ParsedFiles(table.io());
    try {
      return snapshot.dataManifests(io);
    } catch (MeshException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable(io, table, snapshot, snapshot.manifestListLocation(), e);
    }
  }

  /**
   * Reads the live data files of one of a snapshot's manifests. A file is valid during the call
   * alone.
   *
   * @throws BackendException as above
   */
  public static void forEach(
      Table table, Snapshot snapshot, ManifestFile manifest, Consumer<DataFile> action) {
    ParsedFiles io = new ParsedFiles(table.io());
    try (ManifestReader<DataFile> entries = ManifestFiles.read(manifest, io, table.specs())) {
      entries.forEach(action);
    } catch (MeshException e) {
      throw e;
    } catch (RuntimeException | IOException e) {
      throw unreadable(io, table, snapshot, manifest.path(), e);
    }
  }

  /**
   * Returns true if a retained snapshot of the table references this data file.
   *
   * @throws BackendException as above
   */
  public static boolean isReferenced(Table table, String location) {
    Set<String> manifestsRead = new HashSet<>();
    AtomicBoolean referenced = new AtomicBoolean();
    for (Snapshot snapshot : table.snapshots()) {
      for (ManifestFile manifest : manifests(table, snapshot)) {
        if (manifestsRead.add(manifest.path())) {
          forEach(
              table,
              snapshot,
              manifest,
              file -> {
                if (file.location().equals(location)) {
                  referenced.set(true);
                }
              });
        }
        if (referenced.get()) {
          return true;
        }
      }
    }
    return false;
  }

  private static BackendException unreadable(
      ParsedFiles io, Table table, Snapshot snapshot, String reading, Exception cause) {
    MeshAction action =
        MeshAction.of(
            Verb.LIST, "the files of " + table.name() + ", snapshot " + snapshot.snapshotId());
    return io.failure(action, reading)
        .orElseGet(
            () ->
                Failure.of(action)
                    .because(reading + " is missing or damaged")
                    .fix("Restore it from a backup; doctor() on the mesh lists what else is.")
                    .cause(cause)
                    .lasting(ErrorCode.DATA_DAMAGED));
  }

  /** False only if the partitions that a manifest has files of prove that no row matches. */
  private static boolean mayMatch(ManifestFile manifest, Table table, RowPredicate filter) {
    PartitionSpec spec = table.specs().get(manifest.partitionSpecId());
    return spec == null || filter.mayMatch(manifest, spec);
  }

  /**
   * Where a file stands among those of its table: the sequence of the commit that wrote its rows,
   * however often they were laid out anew since.
   */
  public static long place(DataFile file) {
    Matcher name = NAME.matcher(file.location());
    return name.matches() && name.group(2) != null ? Long.parseLong(name.group(2)) : sequence(file);
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
    return name.matches() ? Long.parseLong(name.group(3)) : 0;
  }

  /** What goes behind a publish's id into the names of files that keep a place in the order. */
  public static String placed(long sequence) {
    return "-s" + sequence;
  }
}
