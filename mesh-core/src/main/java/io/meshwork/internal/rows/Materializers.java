package io.meshwork.internal.rows;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.VectorBatch;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Makes materializers: rows as Java records, as Avro records, or as maps. */
public final class Materializers {
  private Materializers() {}

  /**
   * Rows as a Java record, each component out of the column of its name (or of its {@code @Column}
   * annotation), widened where needed. Columns without component are passed over. A record inside
   * of a column is a Java record or a map, a list is a List or an array, a map is a Map.
   *
   * @param columns the columns of the batches, in their order
   * @param contractSchema the contract's Avro record, with at least these columns
   * @throws InvalidRequestException ({@code READER_INVALID}) naming every component that is no
   *     column or whose type does not fit
   */
  public static <R> Materializer<R> asRecord(
      Class<R> recordType, org.apache.iceberg.Schema columns, Schema contractSchema) {
    return JavaRecordMaterializer.of(recordType, ColumnGroup.of(contractSchema, columns));
  }

  /**
   * Rows as generic Avro records, with raw values as a {@code GenericDatumReader} without
   * conversions gives them: int and long for dates, times and timestamps in the schema's unit,
   * ByteBuffer or {@code GenericData.Fixed} for decimals, text for a UUID on string. Text is a
   * {@code java.lang.String}, as with {@code avro.java.string}, keys of maps too. Lists are {@code
   * GenericData.Array}.
   *
   * @param columns the columns of the batches, in their order
   * @param readerSchema the Avro record to make: the contract's, or some of its fields, at any
   *     depth
   * @throws InvalidRequestException ({@code READER_INVALID}) naming every field that is no column
   */
  public static Materializer<GenericRecord> asAvro(
      org.apache.iceberg.Schema columns, Schema readerSchema) {
    return AvroMaterializer.of(columns, readerSchema);
  }

  /**
   * Rows as maps from column name to value, in the columns' order, nulls included. Values have the
   * classes of {@link io.meshwork.columnar.ColumnBatch#valueAt}. The map is the caller's.
   */
  public static Materializer<Map<String, @Nullable Object>> asMap(
      org.apache.iceberg.Schema columns) {
    List<Types.NestedField> fields = List.copyOf(columns.columns());
    return (batch, row) -> {
      Map<String, @Nullable Object> values = new LinkedHashMap<>(fields.size() * 2);
      for (int i = 0; i < fields.size(); i++) {
        Types.NestedField field = fields.get(i);
        values.put(field.name(), VectorBatch.value(field.type(), batch.vector(i), row));
      }
      return values;
    };
  }

  /**
   * The columns that a Java record needs, as paths in the order of its components: of a record
   * inside of a column only what the component's own record names. {@code customer.city} is a field
   * of a struct, {@code lines[].price} of a list's elements, {@code parts{}.price} of a map's
   * values. What the table lacks is named as well.
   *
   * @throws InvalidRequestException ({@code READER_INVALID}) if the class is no record
   */
  public static List<String> columnsOf(Class<?> recordType, org.apache.iceberg.Schema table) {
    return ReaderPaths.of(recordType, table);
  }

  /** The top-level columns that stand for components of a primitive type, which hold no null. */
  public static Set<String> nullless(Class<?> recordType) {
    RecordComponent[] components = recordType.getRecordComponents();
    return components == null
        ? Set.of()
        : Arrays.stream(components)
            .filter(component -> component.getType().isPrimitive())
            .map(RecordComponents::columnOf)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The top-level columns of an Avro record that are not nullable. */
  public static Set<String> nullless(Schema readerSchema) {
    return readerSchema.getFields().stream()
        .filter(field -> !field.schema().isNullable())
        .map(Schema.Field::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The columns that an Avro record has, likewise. */
  public static List<String> columnsOf(Schema readerSchema, org.apache.iceberg.Schema table) {
    return ReaderPaths.of(readerSchema, table);
  }
}
