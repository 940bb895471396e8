package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.apache.avro.AvroRuntimeException;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestWriter;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.OutputFile;

/**
 * The manifests of files that a snapshot adds, without the ID of the snapshot, which Iceberg takes
 * from the manifest list. Immutable.
 *
 * @param files the manifests
 * @param spec the partitioning that they were written for
 * @param schema the columns that they were written for
 * @param format the version of Iceberg's format that they were written in
 */
public record AddedManifests(
    List<ManifestFile> files, PartitionSpec spec, Schema schema, int format) {
  /** The most files of one manifest. */
  static final int MAX_FILES = 2_000;

  private static final int FIRST_FORMAT_WITHOUT_SNAPSHOT = 2;

  public AddedManifests {
    files = List.copyOf(files);
  }

  /** True if the manifests of a table need not have the ID of their snapshot. */
  static boolean fits(TableMetadata table) {
    return table.formatVersion() >= FIRST_FORMAT_WITHOUT_SNAPSHOT;
  }

  /**
   * Writes the manifests of a publish, and deletes them if one of them fails.
   *
   * @param name the table, for messages
   * @param store gets the files, which are not synced
   * @throws BackendException if one could not be written
   */
  static AddedManifests ofPublish(
      TableName name,
      TableMetadata table,
      String publishId,
      RootedFileIO store,
      List<DataFileEntry> entries) {
    List<String> begun = new ArrayList<>();
    IntFunction<OutputFile> creating =
        number -> {
          String file = FileOrigin.manifestName(publishId, number);
          String location = table.location() + "/metadata/" + file;
          begun.add(location);
          return RecordingFileIO.notReplacing(store.newUnsyncedFile(location));
        };
    try {
      return write(name, table, creating, entries);
    } catch (BackendException e) {
      begun.forEach(location -> deleteAfter(e, store, location));
      throw e;
    }
  }

  private static void deleteAfter(BackendException failure, RootedFileIO store, String location) {
    try {
      store.deleteFile(location);
    } catch (RuntimeException e) {
      failure.addSuppressed(e); // maintenance deletes it later
    }
  }

  /**
   * Writes manifests.
   *
   * @param name the table, for messages
   * @param creating creates the file of each, by its number from 0
   * @throws BackendException if one could not be written
   */
  static AddedManifests write(
      TableName name,
      TableMetadata table,
      IntFunction<OutputFile> creating,
      List<DataFileEntry> entries) {
    List<ManifestFile> files = new ArrayList<>();
    for (int from = 0; from < entries.size(); from += MAX_FILES) {
      int to = Math.min(entries.size(), from + MAX_FILES);
      try {
        files.add(write(table, creating.apply(files.size()), entries.subList(from, to)));
      } catch (IOException | UncheckedIOException | AvroRuntimeException e) {
        throw TableDraft.unwritable(name, "its manifests could not be written", e);
      }
    }
    return new AddedManifests(files, table.spec(), table.schema(), table.formatVersion());
  }

  private static ManifestFile write(
      TableMetadata table, OutputFile file, List<DataFileEntry> entries) throws IOException {
    PartitionSpec spec = table.spec();
    ManifestWriter<DataFile> manifest =
        ManifestFiles.write(table.formatVersion(), spec, file, null);
    try (manifest) {
      entries.forEach(entry -> manifest.add(entry.toDataFile(spec)));
    }
    return manifest.toManifestFile();
  }

  /** True if they can be added to a table, whose columns and partitions may have changed. */
  boolean isOf(TableMetadata table) {
    return table.formatVersion() == format
        && table.spec().equals(spec)
        && table.schema().sameSchema(schema);
  }

  public List<String> locations() {
    return files.stream().map(ManifestFile::path).toList();
  }

  /** Sets what Iceberg counts of files, and not of manifests. */
  static void count(List<DataFileEntry> entries, PartitionSpec spec, AppendFiles append) {
    append.set(
        SnapshotSummary.ADDED_FILE_SIZE_PROP,
        Long.toString(entries.stream().mapToLong(DataFileEntry::bytes).sum()));
    append.set(
        SnapshotSummary.CHANGED_PARTITION_COUNT_PROP,
        Long.toString(
            spec.isUnpartitioned()
                ? 1
                : entries.stream()
                    .map(entry -> spec.partitionToPath(Objects.requireNonNull(entry.partition())))
                    .distinct()
                    .count()));
  }
}
