package io.meshwork.internal.rows;

import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.schema.TextFileFormat;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** A value that every row has in a column, checked like a value of a row. Stateless. */
public final class ConstantColumnValue {
  private ConstantColumnValue() {}

  /**
   * Parses a string as a cell of a CSV file.
   *
   * @param declared the contract's Avro record, with the column
   * @return the value as rows that are maps have it; null for null
   * @throws IllegalArgumentException if it does not fit the column, with the reason
   */
  public static @Nullable Object parse(Schema declared, String column, String text) {
    Schema.Field field = declared.getField(column);
    boolean isNull = text.isEmpty() || TextFileFormat.of(declared).nulls().contains(text);
    requireScalar(field);
    TextRow row =
        new TextRowParser(declared, true)
            .cells(List.of(column), Collections.singletonList(isNull ? null : text));
    append(single(field), IcebergSchemas.fromAvro(single(field)), row, row);
    return row.get(column);
  }

  /**
   * Returns a column that is this value in every row.
   *
   * @param value as rows that are maps have it
   * @throws IllegalArgumentException if it does not fit the column, with the reason
   */
  public static DefaultColumn column(Schema.Field field, Types.NestedField column, Object value) {
    requireScalar(field);
    Map<String, Object> row = Map.of(field.name(), value);
    return DefaultColumn.of(
        append(single(field), new org.apache.iceberg.Schema(column), row, null).vector(0));
  }

  private static void requireScalar(Schema.Field field) {
    ColumnKind kind = ColumnKind.of(Objects.requireNonNull(ColumnKind.withoutNull(field.schema())));
    if (kind == null || kind.nested()) {
      throw new IllegalArgumentException("it is a list, map, or record, not one value");
    }
  }

  private static Schema single(Schema.Field field) {
    return Schema.createRecord(
        "given", null, null, false, List.of(new Schema.Field(field, field.schema())));
  }

  /** Symbols of enums are stored as strings, which a rule checks in rows. */
  private static void requireSymbol(
      Schema.Field field, Types.NestedField column, VectorBatch batch) {
    Schema type = Objects.requireNonNull(ColumnKind.withoutNull(field.schema()));
    if (type.getType() == Schema.Type.ENUM && !batch.vector(0).isNull(0)) {
      Object symbol = VectorBatch.value(column.type(), batch.vector(0), 0);
      if (!type.getEnumSymbols().contains(String.valueOf(symbol))) {
        throw new IllegalArgumentException(
            "a text that is not one of " + String.join(", ", type.getEnumSymbols()));
      }
    }
  }

  private static VectorBatch append(
      Schema single, org.apache.iceberg.Schema table, Map<String, ?> row, @Nullable TextRow text) {
    VectorBatch batch = VectorBatch.empty(table);
    TypeViolations violations = new TypeViolations();
    RecordShredders.forRecords(single, table).shred(row, batch, violations);
    for (Violation violation : violations.at(0)) {
      throw new IllegalArgumentException(
          (text == null ? violation : text.explained(violation)).reason());
    }
    requireSymbol(single.getFields().get(0), table.columns().get(0), batch);
    return batch;
  }
}
