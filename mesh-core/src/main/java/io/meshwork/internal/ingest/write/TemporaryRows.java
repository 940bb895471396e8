package io.meshwork.internal.ingest.write;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.write.ParquetWriter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows in a temporary file, which are read once, as they were added. Not thread-safe. */
public final class TemporaryRows implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TemporaryRows.class);

  private final Schema schema;
  private final String what;
  private final MeshAction action;
  private final Path file;
  private final PositionOutputStream stream;
  private final ParquetWriter writer;
  private @Nullable ParquetReader reader;
  private @Nullable BatchReader batches;

  /**
   * Creates the file.
   *
   * @param what the rows, for messages, such as {@code rows of further partitions}
   */
  public TemporaryRows(Schema schema, String what, MeshAction action) {
    this.schema = schema;
    this.what = what;
    this.action = action;
    try {
      file = Files.createTempFile("meshwork-held-", ".parquet");
    } catch (IOException e) {
      throw unwritable(e);
    }
    try {
      stream = org.apache.iceberg.Files.localOutput(file.toFile()).createOrOverwrite();
      writer = ParquetWriter.open(stream, schema, EncodingProfile.FAST, Map.of());
    } catch (BackendException | UncheckedIOException e) {
      delete();
      throw unwritable(e);
    }
  }

  /** Adds rows, which are not retained. */
  public void add(VectorBatch rows) {
    try {
      writer.write(rows);
    } catch (BackendException | UncheckedIOException e) {
      throw unwritable(e);
    }
  }

  /** Writes the rows that are in memory to the file. */
  void flush() {
    try {
      writer.flush();
    } catch (BackendException | UncheckedIOException e) {
      throw unwritable(e);
    }
  }

  /** The next rows, valid until the next call; null at the end. No rows may be added afterwards. */
  public @Nullable VectorBatch next() {
    try {
      if (batches == null) {
        writer.finish();
        reader = ParquetReader.open(org.apache.iceberg.Files.localInput(file.toFile()));
        batches = reader.read(schema, ColumnMatch.BY_FIELD_ID);
      }
      return batches.next();
    } catch (BackendException | UncheckedIOException e) {
      throw unwritable(e);
    }
  }

  /** Deletes the file. Never throws. */
  @Override
  public void close() {
    if (batches != null) {
      batches.close();
    }
    writer.close();
    try {
      stream.close();
      if (reader != null) {
        reader.close();
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("{} could not be closed", file, e);
    }
    delete();
  }

  private void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  private BackendException unwritable(Exception cause) {
    return Failure.of(action)
        .because(what + " could not be written to the folder for temporary files")
        .state("Nothing was published.")
        .fix("Free disk space there, or set java.io.tmpdir.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
