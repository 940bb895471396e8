package io.meshwork.internal.quarantine;

import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** A batch of quarantined rows, whose columns are found by field ID. Not thread-safe. */
public final class QuarantineBatch {
  private final VectorBatch batch;
  private final Map<String, Vector> columns = new HashMap<>();

  public QuarantineBatch(VectorBatch batch) {
    this.batch = batch;
  }

  /** The text of a row in a column, which has no nulls. */
  public String text(String column, int row) {
    return new String(((BytesVector) vector(column)).get(row), StandardCharsets.UTF_8);
  }

  /** The number of a row within its publish. */
  public long number(int row) {
    return ((LongVector) vector(QuarantineTable.ROW_NUMBER)).get(row);
  }

  /** The field ID of a column. */
  static int id(String column) {
    Types.@Nullable NestedField field = QuarantineTable.SCHEMA.findField(column);
    if (field == null) {
      throw new IllegalStateException("a quarantine has no column " + column);
    }
    return field.fieldId();
  }

  private Vector vector(String column) {
    return columns.computeIfAbsent(column, this::find);
  }

  private Vector find(String column) {
    int id = id(column);
    List<Types.NestedField> fields = batch.schema().columns();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).fieldId() == id) {
        return batch.vector(i).flat();
      }
    }
    throw new IllegalStateException("the batch has no column " + column);
  }
}
