package io.meshwork.internal.ingest;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are accepted or quarantined only at the end of the input, because they break a rule
 * with a tolerance, or another row may have their key. A few are held in memory, more in a
 * temporary file with their numbers. Not thread-safe.
 */
final class DeferredRows implements AutoCloseable {
  private static final int MAX_IN_MEMORY = 4 * VectorBatch.ROWS;

  /** The column with the numbers; names of other columns have no colon. */
  private static final String NUMBER = "row:number";

  private final Schema schema;
  private final Schema numbered;
  private final MeshAction action;
  private final Queue<NumberedRows> inMemory = new ArrayDeque<>();
  private int rowsInMemory;
  private @Nullable TemporaryRows further;

  DeferredRows(Schema schema, MeshAction action) {
    this.schema = schema;
    this.action = action;
    List<Types.NestedField> columns = new ArrayList<>(schema.columns());
    columns.add(
        Types.NestedField.required(schema.highestFieldId() + 1, NUMBER, Types.LongType.get()));
    this.numbered = new Schema(columns);
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
    LongVector numbers = new LongVector();
    for (long number : rowNumbers) {
      numbers.append(number);
    }
    List<Vector> vectors = new ArrayList<>(rows.vectors());
    vectors.add(numbers);
    further.add(new VectorBatch(numbered, vectors, rows.rows()));
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
    return rows == null ? null : numbered(rows);
  }

  private NumberedRows numbered(VectorBatch rows) {
    int columns = schema.columns().size();
    LongVector stored = (LongVector) rows.vector(columns).flat();
    long[] numbers = new long[rows.rows()];
    for (int row = 0; row < numbers.length; row++) {
      numbers[row] = stored.get(row);
    }
    return new NumberedRows(
        new VectorBatch(schema, rows.vectors().subList(0, columns), rows.rows()), numbers);
  }

  @Override
  public void close() {
    if (further != null) {
      further.close();
    }
  }
}
