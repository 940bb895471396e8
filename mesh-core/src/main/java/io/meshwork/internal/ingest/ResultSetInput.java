package io.meshwork.internal.ingest;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.file.ColumnTarget;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.runtime.CallerException;
import io.meshwork.internal.vector.VectorBatch;
import java.sql.ResultSet;
import java.util.Iterator;
import java.util.OptionalLong;

/** Rows of a result set, which is not closed: it belongs to the caller. Not thread-safe. */
final class ResultSetInput extends CopiedInput {
  private final Iterator<Object> rows;
  private final RecordShredder shredder;

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
  }

  @Override
  boolean copyRow(VectorBatch batch, TypeViolations violations) {
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
        keepInvalid(row, JsonRow.of(values));
      }
      return true;
    } catch (RuntimeException e) {
      throw CallerException.isKnown(e)
          ? e
          : RecordsInput.failed(action, rowsBefore, "row " + (rowsBefore + 1), e);
    }
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.empty();
  }

  /** Does nothing: the result set belongs to the caller. */
  @Override
  public void close() {}
}
