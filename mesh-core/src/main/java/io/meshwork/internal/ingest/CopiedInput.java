package io.meshwork.internal.ingest;

import io.meshwork.internal.ingest.file.ColumnTarget;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.vector.VectorBatch;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows whose values are checked one by one while they are copied. Not thread-safe. */
abstract class CopiedInput extends ColumnarInput {
  private final Map<Integer, String> invalidRows = new HashMap<>();
  private final BatchReuse reuse = new BatchReuse();
  private VectorBatch batch;
  private BatchSize size;

  /** Whether each row is checked: the first, and rows after large ones. */
  private boolean large = true;

  CopiedInput(ColumnTarget target) {
    super(target);
    this.batch = TextColumns.emptyBatch(target.schema());
    this.size = new BatchSize(batch);
  }

  /**
   * Copies the next row; returns false at the end.
   *
   * @param rows the batch to append it to
   * @param violations gets the values that do not fit their columns
   */
  abstract boolean copyRow(VectorBatch rows, TypeViolations violations);

  /** Keeps the text of a row of the batch that does not fit. */
  final void keepInvalid(int row, String json) {
    invalidRows.put(row, json);
  }

  @Override
  @Nullable VectorBatch nextBatch(TypeViolations violations) {
    use(reuse.after(batch));
    invalidRows.clear();
    while (!isFull() && copyRow(batch, violations)) {
      // Each row is copied before the source moves on.
    }
    if (batch.rows() == 0) {
      return null;
    }
    use(TextColumns.settled(batch, rowsRead() + batch.rows()));
    return batch;
  }

  private void use(VectorBatch next) {
    if (next != batch) {
      batch = next;
      size = new BatchSize(next);
    }
  }

  @Override
  public final boolean retainBatch() {
    reuse.retain();
    return true;
  }

  private boolean isFull() {
    int rows = batch.rows();
    if (rows == VectorBatch.ROWS) {
      return true;
    }
    if (rows == 0 || (!large && rows % size.rowsBetweenChecks() != 0)) {
      return false;
    }
    long bytes = size.bytes();
    large = BatchSize.hasLargeRows(bytes, rows);
    return BatchSize.isFull(bytes, rows);
  }

  @Override
  public String json(int row) {
    String text = invalidRows.get(row);
    return text == null ? super.json(row) : text;
  }
}
