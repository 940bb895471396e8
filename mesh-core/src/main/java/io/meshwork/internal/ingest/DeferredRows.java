package io.meshwork.internal.ingest;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
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
 * Rows that are accepted or quarantined only at the end of the input, because they break a rule
 * with a tolerance. A few are held in memory, more in a temporary file. Row numbers are held in
 * memory.
 */
final class DeferredRows implements AutoCloseable {
  private static final int MAX_IN_MEMORY = 4 * VectorBatch.ROWS;

  /** Receives the rows in input order. */
  interface Receiver {
    void accept(VectorBatch rows, long[] rowNumbers);
  }

  private final Schema schema;
  private final MeshAction action;
  private final List<VectorBatch> inMemory = new ArrayList<>();
  private long[] numbers = new long[64];
  private int count;
  private int rowsInMemory;
  private @Nullable Path file;
  private @Nullable ParquetWriter writer;

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

  /** Passes all rows to a receiver, in the order in which they were added. */
  void drain(Receiver receiver) {
    int at = 0;
    for (VectorBatch rows : inMemory) {
      receiver.accept(rows, Arrays.copyOfRange(numbers, at, at + rows.rows()));
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
          receiver.accept(rows, Arrays.copyOfRange(numbers, at, at + rows.rows()));
          at += rows.rows();
        }
      }
    } catch (UncheckedIOException e) {
      throw unwritable(e);
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
