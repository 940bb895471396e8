package io.meshwork.internal.ingest;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.write.RowNumbers;
import io.meshwork.internal.ingest.write.TemporaryRows;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are accepted or quarantined only at the end of the input, because they break a rule
 * with a tolerance, or another row may have their key. A few are held in memory, more in a
 * temporary file with their numbers. Not thread-safe.
 */
final class DeferredRows implements AutoCloseable {
  private static final int MAX_IN_MEMORY = 4 * VectorBatch.ROWS;

  private final Schema schema;
  private final Schema numbered;
  private final MeshAction action;
  private final Queue<NumberedRows> inMemory = new ArrayDeque<>();
  private int rowsInMemory;
  private @Nullable TemporaryRows further;

  DeferredRows(Schema schema, MeshAction action) {
    this.schema = schema;
    this.action = action;
    this.numbered = RowNumbers.numbered(schema);
  }

  /** Adds rows, which the caller must not use afterwards. */
  void add(VectorBatch rows, long[] rowNumbers) {
    if (further == null && rowsInMemory + rows.rows() <= MAX_IN_MEMORY) {
      inMemory.add(new NumberedRows(rows, rowNumbers));
      rowsInMemory += rows.rows();
      return;
    }
    if (further == null) {
      further = new TemporaryRows(numbered, "rows that wait for the end of the input", action);
    }
    further.add(RowNumbers.numbered(rows, rowNumbers, numbered));
  }

  /** A batch of deferred rows with their numbers in the input. */
  record NumberedRows(VectorBatch batch, long[] numbers) {}

  /**
   * Returns the next rows in the order in which they were added; null at the end. After the first
   * call no rows may be added. A batch is valid until the next call.
   */
  @Nullable NumberedRows next() {
    if (!inMemory.isEmpty()) {
      return inMemory.remove();
    }
    VectorBatch rows = further == null ? null : further.next();
    return rows == null
        ? null
        : new NumberedRows(RowNumbers.without(rows, schema), RowNumbers.of(rows));
  }

  @Override
  public void close() {
    if (further != null) {
      further.close();
    }
  }
}
