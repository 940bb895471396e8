package io.meshwork.internal.consume;

import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.schema.IcebergSchemas;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** The Java type in which rows are returned, and the columns that it requires. */
interface RowType<T> {
  /** Returns the columns of a table that the type requires, as paths; empty if it takes any. */
  Optional<List<String>> columns(org.apache.iceberg.Schema table);

  /** Returns the top-level columns for which the type cannot hold null. */
  Set<String> nonNullColumns();

  /** Creates a materializer for these columns. */
  RowMaterializer<T> materializer(org.apache.iceberg.Schema columns, Schema contractSchema);

  static RowType<GenericRecord> avro() {
    return of(
        table -> null,
        Set.of(),
        (columns, contract) ->
            RowMaterializers.asAvro(columns, ContractProjection.of(contract, columns)));
  }

  static RowType<GenericRecord> avro(@Nullable Schema readerSchema) {
    Schema reader = ArgumentChecks.required("readerSchema", readerSchema);
    if (reader.getType() != Schema.Type.RECORD) {
      throw ArgumentChecks.refused(
          "readerSchema", "is a schema of type " + reader.getType(), "Use a record schema.");
    }
    return of(
        table -> RowMaterializers.columnsOf(reader, table),
        RowMaterializers.nonNullColumns(reader),
        (columns, contract) -> RowMaterializers.asAvro(columns, contract, reader));
  }

  static <R> RowType<R> record(@Nullable Class<R> recordType) {
    Class<R> type = ArgumentChecks.required("recordType", recordType);
    return of(
        table -> RowMaterializers.columnsOf(type, table),
        RowMaterializers.nonNullColumns(type),
        (columns, contract) -> RowMaterializers.asRecord(type, columns, contract));
  }

  static RowType<Map<String, Object>> maps() {
    return of(table -> null, Set.of(), (columns, contract) -> RowMaterializers.asMap(columns));
  }

  /** Returns the Avro schema of quarantined rows. */
  static Schema quarantineSchema(org.apache.iceberg.Schema table) {
    return IcebergSchemas.toAvro(table, "quarantined_row");
  }

  private static <R> RowType<R> of(
      RequiredColumns requiredColumns, Set<String> nonNullColumns, MaterializerFactory<R> factory) {
    return new RowType<>() {
      @Override
      public Optional<List<String>> columns(org.apache.iceberg.Schema table) {
        return Optional.ofNullable(requiredColumns.of(table));
      }

      @Override
      public Set<String> nonNullColumns() {
        return nonNullColumns;
      }

      @Override
      public RowMaterializer<R> materializer(
          org.apache.iceberg.Schema columns, Schema contractSchema) {
        return factory.create(columns, contractSchema);
      }
    };
  }

  /** Determines which columns of a table a type requires. */
  interface RequiredColumns {
    /** Returns paths; null if the type takes any columns. */
    @Nullable List<String> of(org.apache.iceberg.Schema table);
  }

  /** Creates a materializer for columns of a contract. */
  interface MaterializerFactory<R> {
    RowMaterializer<R> create(org.apache.iceberg.Schema columns, Schema contractSchema);
  }
}
