package io.meshwork.internal.rows;

import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** A column, or a field of a record, that is the same in every row. Immutable. */
public final class DefaultColumn {
  private final Vector one;

  private DefaultColumn(Vector one) {
    this.one = one;
  }

  /** Returns the column of a value: the only one of a vector. */
  static DefaultColumn of(Vector one) {
    return new DefaultColumn(one);
  }

  /** Returns the column of a field; without a default, it is null in every row. */
  public static DefaultColumn of(Schema.Field field, Types.NestedField column) {
    if (!field.hasDefaultValue()) {
      Vector one = VectorBatch.emptyVector(column.type());
      one.appendNull();
      return new DefaultColumn(one);
    }
    Schema single =
        Schema.createRecord(
            "defaults", null, null, false, List.of(new Schema.Field(field, field.schema())));
    org.apache.iceberg.Schema table = new org.apache.iceberg.Schema(column);
    GenericRecord record = new GenericData.Record(single);
    record.put(0, GenericData.get().getDefaultValue(field));
    VectorBatch batch = VectorBatch.empty(table);
    RecordShredders.forRecords(single, table).shred(record, batch, new TypeViolations());
    return new DefaultColumn(batch.vector(0));
  }

  /**
   * Returns this many rows.
   *
   * @param structs the enclosing records, whose nulls are null here too; null for a top-level
   *     column
   */
  public Vector rows(@Nullable StructVector structs, int rows) {
    Vector vector = one.newEmpty();
    for (int row = 0; row < rows; row++) {
      if (structs != null && structs.isNull(row)) {
        vector.appendNull();
      } else {
        vector.appendFrom(one, 0);
      }
    }
    return vector;
  }
}
