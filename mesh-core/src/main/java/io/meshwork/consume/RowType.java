package io.meshwork.consume;

import io.meshwork.internal.rows.Materializer;
import io.meshwork.internal.rows.Materializers;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.schema.IcebergSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** What rows are given as, and which columns that needs. */
interface RowType<T> {
  /** The columns that the type has; empty if it takes whatever comes. */
  Optional<List<String>> columns();

  /** Makes rows of these columns. */
  Materializer<T> materializer(org.apache.iceberg.Schema columns, Schema contractSchema);

  static RowType<GenericRecord> avro() {
    return of(null, (columns, contract) -> Materializers.asAvro(columns, part(contract, columns)));
  }

  static RowType<GenericRecord> avro(@Nullable Schema readerSchema) {
    Schema reader = Arguments.given("readerSchema", readerSchema);
    if (reader.getType() != Schema.Type.RECORD) {
      throw Arguments.refused(
          "readerSchema", "is a schema of type " + reader.getType(), "Give a record schema.");
    }
    return of(
        reader.getFields().stream().map(Schema.Field::name).toList(),
        (columns, contract) -> Materializers.asAvro(columns, reader));
  }

  static <R> RowType<R> record(@Nullable Class<R> recordType) {
    Class<R> type = Arguments.given("recordType", recordType);
    return of(
        Materializers.columnsOf(type),
        (columns, contract) -> Materializers.asRecord(type, columns, contract));
  }

  static RowType<Map<String, Object>> maps() {
    return of(null, (columns, contract) -> Materializers.asMap(columns));
  }

  /** The Avro schema of quarantined rows. */
  static Schema quarantineSchema(org.apache.iceberg.Schema table) {
    return IcebergSchemas.toAvro(table, "quarantined_row");
  }

  private static Schema part(Schema contract, org.apache.iceberg.Schema columns) {
    List<Schema.Field> fields = new ArrayList<>();
    columns
        .columns()
        .forEach(
            c ->
                fields.add(
                    new Schema.Field(
                        contract.getField(c.name()), contract.getField(c.name()).schema())));
    return Schema.createRecord(
        contract.getName(), contract.getDoc(), contract.getNamespace(), false, fields);
  }

  private static <R> RowType<R> of(@Nullable List<String> named, Maker<R> maker) {
    return new RowType<>() {
      @Override
      public Optional<List<String>> columns() {
        return Optional.ofNullable(named);
      }

      @Override
      public Materializer<R> materializer(
          org.apache.iceberg.Schema columns, Schema contractSchema) {
        return maker.make(columns, contractSchema);
      }
    };
  }

  /** Makes a materializer for columns of a contract. */
  interface Maker<R> {
    Materializer<R> make(org.apache.iceberg.Schema columns, Schema contractSchema);
  }
}
