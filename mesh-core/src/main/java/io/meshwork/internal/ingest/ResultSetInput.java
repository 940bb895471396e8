package io.meshwork.internal.ingest;

import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.RowMaterializer;
import io.meshwork.internal.rows.RowMaterializers;
import java.sql.ResultSet;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** Rows of a result set. It is not closed: it belongs to the caller. */
final class ResultSetInput extends RecordsInput {
  private final Contract contract;
  private final Schema schema;
  private @Nullable RowMaterializer<GenericRecord> records;

  /**
   * Matches the columns.
   *
   * @param ignoringUnknownColumns true if the result set may have undeclared columns
   * @param action the action, for messages
   */
  ResultSetInput(
      ResultSet rows,
      Contract contract,
      Schema schema,
      boolean ignoringUnknownColumns,
      MeshAction action) {
    super(
        RecordShredders.rows(rows, action),
        null,
        RecordShredders.forResultSet(
            rows, contract.schema(), schema, ignoringUnknownColumns, action),
        schema,
        () -> {},
        action);
    this.contract = contract;
    this.schema = schema;
  }

  /** Does nothing: records are created from the columns. */
  @Override
  public void retainRecords() {}

  @Override
  public Object record(int row) {
    if (records == null) {
      records = RowMaterializers.asAvro(schema, contract.schema());
    }
    return records.row(batch(), row);
  }
}
