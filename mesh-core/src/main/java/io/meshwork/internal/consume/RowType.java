package io.meshwork.internal.consume;

import io.meshwork.internal.rows.RowMaterializer;
import io.meshwork.internal.rows.RowMaterializers;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.schema.IcebergSchemas;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** What rows are given as, and which columns that needs. */
interface RowType<T> {
  /** The columns of a table that the type needs, as paths; empty if it takes whatever comes. */
  Optional<List<String>> columns(org.apache.iceberg.Schema table);

  /** The top-level columns for which the type holds no null. */
  Set<String> nullless();

  /** Makes rows of these columns. */
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
          "readerSchema", "is a schema of type " + reader.getType(), "Give a record schema.");
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

  /** The Avro schema of quarantined rows. */
  static Schema quarantineSchema(org.apache.iceberg.Schema table) {
    return IcebergSchemas.toAvro(table, "quarantined_row");
  }

  private static <R> RowType<R> of(Needs needs, Set<String> nullless, Maker<R> maker) {
    return new RowType<>() {
      @Override
      public Optional<List<String>> columns(org.apache.iceberg.Schema table) {
        return Optional.ofNullable(needs.of(table));
      }

      @Override
      public Set<String> nullless() {
        return nullless;
      }

      @Override
      public RowMaterializer<R> materializer(
          org.apache.iceberg.Schema columns, Schema contractSchema) {
        return maker.make(columns, contractSchema);
      }
    };
  }

  /** Says which columns of a table are needed; null for whatever comes. */
  interface Needs {
    @Nullable List<String> of(org.apache.iceberg.Schema table);
  }

  /** Makes a materializer for columns of a contract. */
  interface Maker<R> {
    RowMaterializer<R> make(org.apache.iceberg.Schema columns, Schema contractSchema);
  }
}
