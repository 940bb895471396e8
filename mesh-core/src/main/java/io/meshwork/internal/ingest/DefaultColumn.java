package io.meshwork.internal.ingest;

import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.types.Types;

/** The default of a column that a file does not have. */
final class DefaultColumn {
  private DefaultColumn() {}

  /** One row with the default of a column, or of a field of a record. */
  static Vector of(Schema.Field field, Types.NestedField column) {
    Schema single =
        Schema.createRecord(
            "defaults", null, null, false, List.of(new Schema.Field(field, field.schema())));
    org.apache.iceberg.Schema table = new org.apache.iceberg.Schema(column);
    GenericRecord record = new GenericData.Record(single);
    record.put(0, GenericData.get().getDefaultValue(field));
    VectorBatch batch = VectorBatch.empty(table);
    RecordShredders.forRecords(single, table).shred(record, batch, new TypeViolations());
    return batch.vector(0);
  }
}
