package io.meshwork.internal.ingest;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.runtime.CallerException;
import io.meshwork.internal.vector.VectorBatch;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a result set. Their values are checked while they are copied. The result set is not
 * closed: it belongs to the caller.
 */
final class ResultSetInput extends ColumnarInput {
  private final Iterator<Object> rows;
  private final RecordShredder shredder;
  private final Map<Integer, String> invalidRows = new HashMap<>();
  private VectorBatch batch;
  private BatchSize size;

  /** Matches the columns. */
  ResultSetInput(ResultSet rows, ColumnTarget target) {
    super(target);
    this.rows = RecordShredders.rows(rows, target.action());
    this.shredder =
        RecordShredders.forResultSet(
            rows,
            target.declared(),
            target.schema(),
            target.ignoringUnknownColumns(),
            target.action());
    this.batch = TextColumns.emptyBatch(target.schema());
    this.size = new BatchSize(batch);
  }

  @Override
  @Nullable VectorBatch nextBatch(TypeViolations violations) {
    batch.reset();
    invalidRows.clear();
    while (!isFull() && copyRow(violations)) {
      // Each row is copied before the result set moves on.
    }
    if (batch.rows() == 0) {
      return null;
    }
    VectorBatch settled = TextColumns.settled(batch, rowsRead() + batch.rows());
    if (settled != batch) {
      batch = settled;
      size = new BatchSize(batch);
    }
    return batch;
  }

  private boolean isFull() {
    return batch.rows() == VectorBatch.ROWS
        || (batch.rows() % size.rowsBetweenChecks() == 0 && size.bytes() >= BatchSize.MAX_BYTES);
  }

  /** Copies the next row; returns false at the end. */
  private boolean copyRow(TypeViolations violations) {
    int row = batch.rows();
    long rowsBefore = rowsRead() + row;
    MeshAction action = target().action();
    try {
      if (!rows.hasNext()) {
        return false;
      }
      Object values = rows.next();
      shredder.shred(values, batch, violations);
      if (violations.rows().get(row)) {
        invalidRows.put(row, JsonRow.of(values));
      }
      return true;
    } catch (RuntimeException e) {
      throw CallerException.isKnown(e)
          ? e
          : RecordsInput.failed(action, rowsBefore, "row " + (rowsBefore + 1), e);
    }
  }

  @Override
  public String json(int row) {
    String text = invalidRows.get(row);
    return text == null ? super.json(row) : text;
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.empty();
  }

  /** Does nothing: the result set belongs to the caller. */
  @Override
  public void close() {}
}
