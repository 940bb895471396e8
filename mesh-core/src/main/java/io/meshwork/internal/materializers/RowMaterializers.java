package io.meshwork.internal.materializers;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.rows.ColumnGroup;
import io.meshwork.internal.rows.RecordComponents;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Creates materializers: rows as Java records, Avro records, or maps. */
public final class RowMaterializers {
  private RowMaterializers() {}

  /**
   * Materializes rows as Java records: each component from the column with its name (or with the
   * name in its {@code @Column} annotation), widened if needed. Columns without a component are
   * ignored. A nested record is a Java record or a map, a list is a List or an array, a map is a
   * Map.
   *
   * @param columns the columns of the batches, in order
   * @param contractSchema the contract's Avro record, with at least these columns
   * @throws InvalidRequestException ({@code READER_INVALID}) with every component that has no
   *     column or whose type does not fit
   */
  public static <R> RowMaterializer<R> asRecord(
      Class<R> recordType, org.apache.iceberg.Schema columns, Schema contractSchema) {
    return JavaRecordMaterializer.of(recordType, ColumnGroup.of(contractSchema, columns));
  }

  /**
   * Materializes rows as generic Avro records, with raw values as a {@code GenericDatumReader}
   * without conversions returns them: int and long for dates, times, and timestamps in the schema's
   * unit, ByteBuffer or {@code GenericData.Fixed} for decimals, text for a UUID on string. Text is
   * a {@code java.lang.String}, as with {@code avro.java.string}, map keys too. Lists are {@code
   * GenericData.Array}.
   *
   * <p>Rows may violate the contract: a null stays null even if the contract requires a value.
   *
   * @param columns the columns of the batches, in order
   * @param contractSchema the contract's Avro record with exactly these columns, which is the
   *     schema of the records
   */
  public static RowMaterializer<GenericRecord> asAvro(
      org.apache.iceberg.Schema columns, Schema contractSchema) {
    return AvroMaterializer.ofContract(ColumnGroup.of(contractSchema, columns), contractSchema);
  }

  /**
   * Materializes rows as records of a reader's schema by Avro's schema resolution: fields are
   * matched with columns by name or alias, or have their defaults; numbers are widened, and text
   * and bytes are converted to each other. Beyond Avro, decimals may have more digits and times
   * finer units if no value is lost; a logical type does not accept columns of another kind.
   *
   * @param columns the columns of the batches, in order
   * @param contractSchema the contract's Avro record, with at least these columns
   * @param readerSchema the schema of the records
   * @throws InvalidRequestException ({@code READER_INVALID}) with every field that does not accept
   *     all values of its column, and every field without column and default
   */
  public static RowMaterializer<GenericRecord> asAvro(
      org.apache.iceberg.Schema columns, Schema contractSchema, Schema readerSchema) {
    return AvroMaterializer.of(ColumnGroup.of(contractSchema, columns), readerSchema);
  }

  /**
   * Materializes rows as maps from column name to value, in column order, nulls included. Values
   * have the classes of {@link io.meshwork.columnar.ColumnBatch#valueAt}. The caller owns the map.
   */
  public static RowMaterializer<Map<String, @Nullable Object>> asMap(
      org.apache.iceberg.Schema columns) {
    return new MapMaterializer(columns);
  }

  /**
   * Returns the columns that a Java record needs, as paths in the order of its components; of a
   * nested record, only the fields that the component's own record declares. {@code customer.city}
   * is a field of a struct, {@code lines[].price} of a list's elements, {@code parts{}.price} of a
   * map's values. Includes columns that the table lacks.
   *
   * @throws InvalidRequestException ({@code READER_INVALID}) if the class is not a record
   */
  public static List<String> columnsOf(Class<?> recordType, org.apache.iceberg.Schema table) {
    return ReaderPaths.of(recordType, table);
  }

  /** Returns the top-level columns of components of a primitive type, which do not accept null. */
  public static Set<String> nonNullColumns(Class<?> recordType) {
    RecordComponent[] components = recordType.getRecordComponents();
    return components == null
        ? Set.of()
        : Arrays.stream(components)
            .filter(component -> component.getType().isPrimitive())
            .map(RecordComponents::columnOf)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns the top-level columns of an Avro record that are not nullable. */
  public static Set<String> nonNullColumns(Schema readerSchema) {
    return readerSchema.getFields().stream()
        .filter(field -> !field.schema().isNullable())
        .map(Schema.Field::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns the columns that an Avro record needs, as paths. */
  public static List<String> columnsOf(Schema readerSchema, org.apache.iceberg.Schema table) {
    return ReaderPaths.of(readerSchema, table);
  }
}
