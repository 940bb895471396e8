package io.meshwork.internal.erasure;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.table.Manifests;
import io.meshwork.internal.table.ParsedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Reads a manifest with its entries of removed files, which have the bounds of their columns.
 * Iceberg's readers leave them out. Stateless.
 */
final class ManifestEntries {
  private static final int REMOVED = 2;

  private ManifestEntries() {}

  /**
   * An entry.
   *
   * @param removed true if the file is not part of the snapshot that wrote the manifest
   * @param file its location, counts, and bounds; without partition
   */
  record Entry(boolean removed, DataFile file) {}

  /**
   * Reads all entries of one of a snapshot's manifests.
   *
   * @throws io.meshwork.error.MeshException as {@link Manifests#of}
   */
  static List<Entry> read(Table table, Snapshot snapshot, ManifestFile manifest) {
    return Manifests.read(table, snapshot, io -> read(io, manifest.path()));
  }

  /**
   * Reads all entries of a manifest that no snapshot has.
   *
   * @throws io.meshwork.error.BackendException if the manifest is missing or damaged; retryable if
   *     it cannot be read now
   */
  static List<Entry> readUnreferenced(FileIO io, String location, MeshAction action) {
    ParsedFiles parsed = new ParsedFiles(io);
    try {
      return read(parsed, location);
    } catch (RuntimeException e) {
      throw parsed
          .failure(action, location)
          .orElseGet(
              () ->
                  Failure.of(action)
                      .because(location + " is missing or damaged")
                      .fix("Restore it from a backup; doctor() lists other damaged files.")
                      .cause(e)
                      .lasting(ErrorCode.DATA_DAMAGED));
    }
  }

  private static List<Entry> read(FileIO io, String location) {
    List<Entry> entries = new ArrayList<>();
    try (InputStream in = io.newInputFile(location).newStream();
        DataFileStream<GenericRecord> records =
            new DataFileStream<>(in, new GenericDatumReader<>())) {
      for (GenericRecord entry : records) {
        entries.add(entry(entry));
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry entry(GenericRecord entry) {
    GenericRecord file = (GenericRecord) entry.get("data_file");
    Metrics metrics =
        new Metrics(
            (Long) file.get("record_count"),
            null,
            counts(file.get("value_counts")),
            counts(file.get("null_value_counts")),
            counts(file.get("nan_value_counts")),
            bounds(file.get("lower_bounds")),
            bounds(file.get("upper_bounds")));
    return new Entry(
        REMOVED == (Integer) entry.get("status"),
        DataFiles.builder(PartitionSpec.unpartitioned())
            .withPath(file.get("file_path").toString())
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes((Long) file.get("file_size_in_bytes"))
            .withMetrics(metrics)
            .build());
  }

  private static @Nullable Map<Integer, Long> counts(@Nullable Object pairs) {
    if (pairs == null) {
      return null;
    }
    Map<Integer, Long> counts = new HashMap<>();
    for (Object pair : (List<?>) pairs) {
      counts.put(key(pair), (Long) ((GenericRecord) pair).get("value"));
    }
    return counts;
  }

  private static @Nullable Map<Integer, ByteBuffer> bounds(@Nullable Object pairs) {
    if (pairs == null) {
      return null;
    }
    Map<Integer, ByteBuffer> bounds = new HashMap<>();
    for (Object pair : (List<?>) pairs) {
      bounds.put(key(pair), (ByteBuffer) ((GenericRecord) pair).get("value"));
    }
    return bounds;
  }

  private static Integer key(Object pair) {
    return (Integer) ((GenericRecord) pair).get("key");
  }
}
