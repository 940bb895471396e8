package io.meshwork.internal.ingest;

import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.rows.Shredder;
import io.meshwork.internal.rows.Shredders;
import io.meshwork.internal.rows.Violations;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.types.Types;

/**
 * The column that a file lacks: null in each row where that may be, else the contract's default.
 */
final class DefaultColumn {
  private DefaultColumn() {}

  static Vector of(Schema contract, Types.NestedField column, int rows) {
    Schema.Field field = contract.getField(column.name());
    if (column.isOptional()) {
      Vector nulls = VectorBatch.emptyVector(column.type());
      for (int row = 0; row < rows; row++) {
        nulls.appendNull();
      }
      return nulls;
    }
    Schema single =
        Schema.createRecord(
            "defaults", null, null, false, List.of(new Schema.Field(field, field.schema())));
    org.apache.iceberg.Schema table = new org.apache.iceberg.Schema(column);
    GenericRecord record = new GenericData.Record(single);
    record.put(0, GenericData.get().getDefaultValue(field));
    VectorBatch batch = VectorBatch.empty(table);
    Shredder shredder = Shredders.forRecords(single, table);
    Violations none = new Violations();
    for (int row = 0; row < rows; row++) {
      shredder.shred(record, batch, none);
    }
    return batch.vector(0);
  }
}
