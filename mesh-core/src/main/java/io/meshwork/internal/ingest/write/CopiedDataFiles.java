package io.meshwork.internal.ingest.write;

import io.meshwork.error.BackendException;
import io.meshwork.internal.parquet.write.CopiedChunk;
import io.meshwork.internal.parquet.write.ParquetCopyWriter;
import io.meshwork.internal.parquet.write.RowGroupMeasure;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the data files that have row groups of other files, with unchanged pages: one open file,
 * for row groups of one partition with the same columns. Not thread-safe.
 */
final class CopiedDataFiles {
  private final DataFileWriter files;

  /** The file of the last row group; null if none is open. */
  private @Nullable OpenCopy open;

  private record OpenCopy(
      PartitionKey partition,
      Schema columns,
      String location,
      PositionOutputStream stream,
      ParquetCopyWriter writer) {}

  /**
   * Creates a writer without files.
   *
   * @param files the files of the same publish
   */
  CopiedDataFiles(DataFileWriter files) {
    this.files = files;
  }

  /**
   * Copies the pages of a row group.
   *
   * @param partition the partition of all its rows
   * @param columns the columns, optional or required as in the pages
   * @param measured what was measured of all its rows
   */
  void add(
      PartitionKey partition, Schema columns, RowGroupMeasure measured, List<CopiedChunk> chunks) {
    files.checkPartitions(partition);
    OpenCopy target = open;
    if (target != null
        && !(target.partition().equals(partition) && target.columns().sameSchema(columns))) {
      finish();
      target = null;
    }
    if (target == null) {
      target = open(partition, columns);
      open = target;
    }
    try {
      target.writer().add(measured, chunks);
    } catch (BackendException | UncheckedIOException e) {
      throw files.unwritable(e);
    }
    if (target.writer().length() >= DataFileWriter.TARGET_FILE_BYTES) {
      finish();
    }
  }

  private OpenCopy open(PartitionKey partition, Schema columns) {
    String location = files.newLocation(partition);
    try {
      PositionOutputStream stream = files.create(location);
      return new OpenCopy(
          partition,
          columns,
          location,
          stream,
          ParquetCopyWriter.open(stream, columns, files.properties()));
    } catch (BackendException | UncheckedIOException e) {
      throw files.unwritable(e);
    }
  }

  /** Completes the open file. */
  void finish() {
    OpenCopy done = open;
    if (done == null) {
      return;
    }
    try {
      files.add(done.partition(), done.location(), done.writer().finish());
    } catch (BackendException | UncheckedIOException e) {
      throw files.unwritable(e);
    }
    open = null;
  }

  /** Closes the open file, which the caller deletes. Never throws. */
  void abandon() {
    if (open != null) {
      DataFileWriter.abandon(open.location(), open.stream());
      open = null;
    }
  }
}
