package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
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
 * A manifest of files that a snapshot adds, without the ID of the snapshot, which Iceberg takes
 * from the manifest list. Immutable.
 *
 * @param file the manifest
 * @param spec the partitioning that it was written for
 * @param schema the columns that it was written for
 * @param format the version of Iceberg's format that it was written in
 */
public record AddedManifest(ManifestFile file, PartitionSpec spec, Schema schema, int format) {
  private static final int FIRST_FORMAT_WITHOUT_SNAPSHOT = 2;

  /** True if the manifests of a table need not have the ID of their snapshot. */
  static boolean fits(TableMetadata table) {
    return table.formatVersion() >= FIRST_FORMAT_WITHOUT_SNAPSHOT;
  }

  /**
   * Writes a manifest.
   *
   * @param name the table, for messages
   * @throws BackendException if it could not be written
   */
  static AddedManifest write(
      TableName name, TableMetadata table, OutputFile file, List<DataFileEntry> entries) {
    PartitionSpec spec = table.spec();
    int format = table.formatVersion();
    try {
      ManifestWriter<DataFile> manifest = ManifestFiles.write(format, spec, file, null);
      try (manifest) {
        entries.forEach(entry -> manifest.add(entry.toDataFile(spec)));
      }
      return new AddedManifest(manifest.toManifestFile(), spec, table.schema(), format);
    } catch (IOException | UncheckedIOException | AvroRuntimeException e) {
      throw TableDraft.unwritable(name, "its manifests could not be written", e);
    }
  }

  /** True if it can be added to a table, whose columns and partitions may have changed. */
  boolean isOf(TableMetadata table) {
    return table.formatVersion() == format
        && table.spec().equals(spec)
        && table.schema().sameSchema(schema);
  }

  /** Returns the location of the manifest. */
  public String location() {
    return file.path();
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
