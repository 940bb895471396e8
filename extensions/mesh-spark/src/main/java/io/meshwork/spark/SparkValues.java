package io.meshwork.spark;

import io.meshwork.internal.rows.TypedRow;
import io.meshwork.spark.SparkRows.ValueReader;
import java.util.Arrays;
import java.util.Objects;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Fields or elements in Spark's format of rows, {@link UnsafeRow}: the word of a value that has no
 * fixed size contains its offset and its size in bytes. Not thread-safe.
 */
final class SparkValues implements TypedRow.Values {
  /** The bytes before the keys of a map, which contain their size; the values follow the keys. */
  private static final int KEYS_SIZE = 8;

  private final SparkColumn[] columns;

  /** The fields of a record; null for a list. */
  private final @Nullable UnsafeRow record;

  private final UnsafeArrayData list = new UnsafeArrayData();
  private final SpecializedGetters values;
  private @Nullable Object base;
  private long start;

  private SparkValues(SparkColumn[] columns, @Nullable UnsafeRow record) {
    this.columns = columns;
    this.record = record;
    this.values = record == null ? list : record;
  }

  static SparkValues ofRecord(StructType type) {
    SparkColumn[] fields =
        Arrays.stream(type.fields())
            .map(StructField::dataType)
            .map(SparkColumn::new)
            .toArray(SparkColumn[]::new);
    return new SparkValues(fields, new UnsafeRow(fields.length));
  }

  private static SparkValues ofList(DataType element) {
    return new SparkValues(new SparkColumn[] {new SparkColumn(element)}, null);
  }

  /** Goes to a record or a list at an offset of an object. */
  SparkValues at(@Nullable Object object, long offset, int bytes) {
    base = object;
    start = offset;
    if (record == null) {
      list.pointTo(object, offset, bytes);
    } else {
      record.pointTo(object, offset, bytes);
    }
    return this;
  }

  private SparkColumn column(int position) {
    return columns[record == null ? 0 : position];
  }

  @Override
  public int size() {
    return record == null ? list.numElements() : columns.length;
  }

  @Override
  public boolean isNull(int position) {
    return values.isNullAt(position);
  }

  @Override
  public boolean booleanAt(int position) {
    return values.getBoolean(position);
  }

  @Override
  public int intAt(int position) {
    return values.getInt(position);
  }

  /** In this format, a decimal of at most 18 digits is a long. */
  @Override
  public long longAt(int position) {
    return values.getLong(position);
  }

  @Override
  public float floatAt(int position) {
    return values.getFloat(position);
  }

  @Override
  public double doubleAt(int position) {
    return values.getDouble(position);
  }

  @Override
  public int textLength(int position) {
    return (int) values.getLong(position);
  }

  @Override
  public void copyText(int position, byte[] into, int from) {
    long word = values.getLong(position);
    Platform.copyMemory(
        base, start + (word >>> 32), into, Platform.BYTE_ARRAY_OFFSET + from, (int) word);
  }

  @Override
  public Object objectAt(int position) {
    return column(position).objects.read(values, position);
  }

  @Override
  public TypedRow.Values valuesAt(int position) {
    SparkColumn column = column(position);
    SparkValues parts = Objects.requireNonNull(column.values);
    long word = values.getLong(position);
    long from = start + (word >>> 32);
    int before = column.keys == null ? 0 : KEYS_SIZE + (int) Platform.getLong(base, from);
    return parts.at(base, from + before, (int) word - before);
  }

  @Override
  public TypedRow.Values keysAt(int position) {
    long from = start + (values.getLong(position) >>> 32);
    return Objects.requireNonNull(column(position).keys)
        .at(base, from + KEYS_SIZE, (int) Platform.getLong(base, from));
  }

  /** A column of a record, or the elements of a list. */
  private static final class SparkColumn {
    private final ValueReader objects;
    private final @Nullable SparkValues values;
    private final @Nullable SparkValues keys;

    SparkColumn(DataType type) {
      objects = SparkRows.reader(type, "", false);
      if (type instanceof StructType struct) {
        values = ofRecord(struct);
        keys = null;
      } else if (type instanceof ArrayType array) {
        values = ofList(array.elementType());
        keys = null;
      } else if (type instanceof MapType entries) {
        values = ofList(entries.valueType());
        keys = ofList(entries.keyType());
      } else {
        values = null;
        keys = null;
      }
    }
  }
}
