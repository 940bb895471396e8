package io.meshwork.internal.ingest;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.columnar.BatchReader;
import io.meshwork.internal.columnar.ColumnMatch;
import io.meshwork.internal.columnar.EncodingProfile;
import io.meshwork.internal.columnar.ParquetReader;
import io.meshwork.internal.columnar.ParquetWriter;
import io.meshwork.internal.columnar.VectorBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose fate is known only at the end of the input, since they break a rule that tolerates
 * some. A few stay in memory, more go to a temporary file; of each, its number stays in memory.
 */
final class DeferredRows implements AutoCloseable {
  private static final int MAX_IN_MEMORY = 4 * VectorBatch.ROWS;

  /** What is done with the rows, in input order. */
  interface Receiver {
    void take(VectorBatch rows, long[] rowNumbers);
  }

  private final Schema schema;
  private final List<VectorBatch> inMemory = new ArrayList<>();
  private long[] numbers = new long[64];
  private int count;
  private int rowsInMemory;
  private @Nullable Path file;
  private @Nullable ParquetWriter writer;

  DeferredRows(Schema schema) {
    this.schema = schema;
  }

  /** Keeps rows, which must be the caller's no longer. */
  void hold(VectorBatch rows, long[] rowNumbers) {
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
      throw noRoom(e);
    }
  }

  /** Hands all rows over, in the order in which they were held. */
  void handOver(Receiver receiver) {
    int at = 0;
    for (VectorBatch rows : inMemory) {
      receiver.take(rows, Arrays.copyOfRange(numbers, at, at + rows.rows()));
      at += rows.rows();
    }
    inMemory.clear();
    if (writer == null || file == null) {
      return;
    }
    try {
      writer.finish();
      try (ParquetReader reader =
              ParquetReader.open(org.apache.iceberg.Files.localInput(file.toFile()));
          BatchReader batches = reader.read(schema, ColumnMatch.BY_FIELD_ID)) {
        for (VectorBatch rows = batches.next(); rows != null; rows = batches.next()) {
          receiver.take(rows, Arrays.copyOfRange(numbers, at, at + rows.rows()));
          at += rows.rows();
        }
      }
    } catch (UncheckedIOException e) {
      throw noRoom(e);
    }
  }

  @Override
  public void close() {
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

  private static BackendException noRoom(Exception cause) {
    return BackendException.lasting(
        ErrorCode.STORAGE_UNWRITABLE,
        "Cannot publish: rows that wait for a tolerated rule could not be kept in the folder for"
            + " temporary files. Nothing was published. Make room there, or set java.io.tmpdir.",
        cause);
  }
}
