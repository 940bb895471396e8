package io.meshwork.internal.ingest;

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
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are accepted or quarantined only at the end of the input, because they break a rule
 * with a tolerance. A few are held in memory, more in a temporary file. Row numbers are held in
 * memory.
 */
final class DeferredRows implements AutoCloseable {
  private static final int MAX_IN_MEMORY = 4 * VectorBatch.ROWS;

  private final Schema schema;
  private final MeshAction action;
  private final Queue<VectorBatch> inMemory = new ArrayDeque<>();
  private long[] numbers = new long[64];
  private int count;
  private int rowsInMemory;
  private @Nullable Path file;
  private @Nullable ParquetWriter writer;
  private @Nullable ParquetReader reader;
  private @Nullable BatchReader batches;
  private int passed;

  DeferredRows(Schema schema, MeshAction action) {
    this.schema = schema;
    this.action = action;
  }

  /** Adds rows, which the caller must not use afterwards. */
  void add(VectorBatch rows, long[] rowNumbers) {
    if (count + rowNumbers.length > numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.max(count + rowNumbers.length, numbers.length * 2));
    }
    System.arraycopy(rowNumbers, 0, numbers, count, rowNumbers.length);
    count += rowNumbers.length;
    try {
      if (writer == null && rowsInMemory + rows.rows() <= MAX_IN_MEMORY) {
        inMemory.add(rows);
        rowsInMemory += rows.rows();
        return;
      }
      if (writer == null) {
        file = Files.createTempFile("meshwork-held-", ".parquet");
        writer =
            ParquetWriter.open(
                org.apache.iceberg.Files.localOutput(file.toFile()).createOrOverwrite(),
                schema,
                EncodingProfile.FAST,
                Map.of());
      }
      writer.write(rows);
    } catch (IOException | UncheckedIOException e) {
      throw unwritable(e);
    }
  }

  /** A batch of deferred rows with their numbers in the input. */
  record NumberedRows(VectorBatch batch, long[] numbers) {}

  /**
   * Returns the next rows in the order in which they were added; null at the end. After the first
   * call no rows may be added. A batch is valid until the next call.
   */
  @Nullable NumberedRows next() {
    VectorBatch rows = nextBatch();
    if (rows == null) {
      return null;
    }
    long[] rowNumbers = Arrays.copyOfRange(numbers, passed, passed + rows.rows());
    passed += rows.rows();
    return new NumberedRows(rows, rowNumbers);
  }

  private @Nullable VectorBatch nextBatch() {
    if (!inMemory.isEmpty()) {
      return inMemory.remove();
    }
    if (writer == null || file == null) {
      return null;
    }
    try {
      if (batches == null) {
        writer.finish();
        reader = ParquetReader.open(org.apache.iceberg.Files.localInput(file.toFile()));
        batches = reader.read(schema, ColumnMatch.BY_FIELD_ID);
      }
      return batches.next();
    } catch (UncheckedIOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void close() {
    if (batches != null) {
      batches.close();
    }
    if (reader != null) {
      reader.close();
    }
    if (writer != null) {
      writer.close();
    }
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        file.toFile().deleteOnExit();
      }
    }
  }

  private BackendException unwritable(Exception cause) {
    return Failure.of(action)
        .because(
            "rows that break a rule with a tolerance could not be written to the folder for"
                + " temporary files")
        .state("Nothing was published.")
        .fix("Free disk space there, or set java.io.tmpdir.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
