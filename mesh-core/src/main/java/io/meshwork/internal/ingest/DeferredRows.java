package io.meshwork.internal.ingest;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayDeque;
import java.util.Arrays;
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
  private @Nullable TemporaryRows further;
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
    if (further == null && rowsInMemory + rows.rows() <= MAX_IN_MEMORY) {
      inMemory.add(rows);
      rowsInMemory += rows.rows();
      return;
    }
    if (further == null) {
      further = new TemporaryRows(schema, "rows that break a rule with a tolerance", action);
    }
    further.add(rows);
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
    return further == null ? null : further.next();
  }

  @Override
  public void close() {
    if (further != null) {
      further.close();
    }
  }
}
