package io.meshwork.spark;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.TypedRow;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.util.Utf8;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Rows of Spark as maps of their values by column. Values of most rows are read by position, so
 * that no map is created. Not thread-safe.
 */
final class SparkRows {
  /** The most bytes of a row whose copy is used again; the memory of others is released. */
  private static final int LARGE_ROW = 1 << 16;

  private final StructReader reader;
  private final Types.StructType type;
  private final @Nullable SparkValues values;

  /** The last copies, of which the oldest is used again. */
  private final RowCopy[] copies = new RowCopy[TypedRow.MOST_WAITING];

  private int next;

  /**
   * Prepares the conversion.
   *
   * @param columns the columns of the rows, which are the table's
   * @param hasMappings true for maps of common Java types, which code of users may change; false
   *     for those that are created and read fastest
   */
  SparkRows(StructType columns, boolean hasMappings) {
    this.reader = new StructReader(columns, hasMappings);
    this.type = SparkSchemaUtil.convert(columns).asStruct();
    this.values = hasMappings ? null : SparkValues.ofRecord(columns);
  }

  /**
   * Requires that the tasks can read all columns.
   *
   * @throws io.meshwork.error.InvalidRequestException otherwise
   */
  static void requireSupported(StructType columns, String table) {
    for (StructField field : columns.fields()) {
      try {
        reader(field.dataType(), field.name(), false);
      } catch (UnsupportedOperationException e) {
        throw MeshTable.refused(
            MeshAction.of(Verb.PUBLISH, table),
            e.getMessage() + ", which Spark's tasks do not write",
            "Publish the rows with MeshClient.",
            ErrorCode.SCHEMA_UNSUPPORTED);
      }
    }
  }

  /**
   * Returns a row, which Spark may change afterwards. It is valid until {@link
   * TypedRow#MOST_WAITING} others were returned.
   */
  Map<String, @Nullable Object> of(InternalRow row) {
    return values != null && row instanceof UnsafeRow unsafe
        ? copy(unsafe, values)
        : reader.read(row);
  }

  private RowCopy copy(UnsafeRow row, SparkValues from) {
    RowCopy copy = row.getSizeInBytes() > LARGE_ROW ? new RowCopy(from) : nextCopy(from);
    copy.set(row);
    return copy;
  }

  private RowCopy nextCopy(SparkValues from) {
    RowCopy copy = copies[next];
    if (copy == null) {
      copy = new RowCopy(from);
      copies[next] = copy;
    }
    next = (next + 1) % copies.length;
    return copy;
  }

  /** A copy of a row, whose values are read by position, or all at once as a map. */
  private final class RowCopy extends AbstractMap<String, @Nullable Object> implements TypedRow {
    private final SparkValues values;
    private byte[] bytes = {};
    private int size;
    private @Nullable Map<String, @Nullable Object> map;

    RowCopy(SparkValues values) {
      this.values = values;
    }

    void set(UnsafeRow row) {
      size = row.getSizeInBytes();
      if (bytes.length < size) {
        bytes = new byte[size];
      }
      row.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET);
      map = null;
    }

    @Override
    public Types.StructType type() {
      return type;
    }

    @Override
    public Values read() {
      return values.at(bytes, Platform.BYTE_ARRAY_OFFSET, size);
    }

    private Map<String, @Nullable Object> map() {
      if (map == null) {
        UnsafeRow row = new UnsafeRow(type.fields().size());
        row.pointTo(bytes, size);
        map = reader.read(row);
      }
      return map;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
      return map().containsKey(name);
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
      return map().get(name);
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
      return map().entrySet();
    }
  }

  /** Reads a value that is not null. */
  interface ValueReader {
    Object read(SpecializedGetters values, int ordinal);
  }

  private static final class StructReader {
    private final SparkColumns columns;
    private final ValueReader[] readers;
    private final boolean hasMappings;

    StructReader(StructType columns, boolean hasMappings) {
      StructField[] fields = columns.fields();
      String[] names = columns.fieldNames();
      readers = new ValueReader[fields.length];
      for (int i = 0; i < fields.length; i++) {
        readers[i] = reader(fields[i].dataType(), names[i], hasMappings);
      }
      this.columns = new SparkColumns(names);
      this.hasMappings = hasMappings;
    }

    Map<String, @Nullable Object> read(InternalRow row) {
      @Nullable Object[] values = new Object[readers.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.isNullAt(i) ? null : readers[i].read(row, i);
      }
      Map<String, @Nullable Object> map = columns.map(values);
      return hasMappings ? new LinkedHashMap<>(map) : map;
    }
  }

  static ValueReader reader(DataType type, String column, boolean hasMappings) {
    if (type instanceof IntegerType) {
      return SpecializedGetters::getInt;
    } else if (type instanceof DateType) {
      return (values, i) -> LocalDate.ofEpochDay(values.getInt(i));
    } else if (type instanceof LongType) {
      return SpecializedGetters::getLong;
    } else if (type instanceof DoubleType) {
      return SpecializedGetters::getDouble;
    } else if (type instanceof FloatType) {
      return SpecializedGetters::getFloat;
    } else if (type instanceof BooleanType) {
      return SpecializedGetters::getBoolean;
    } else if (type instanceof StringType) {
      return hasMappings
          ? (values, i) -> values.getUTF8String(i).toString()
          : (values, i) -> new Utf8(values.getUTF8String(i).getBytes());
    } else if (type instanceof DecimalType decimal) {
      return (values, i) ->
          values.getDecimal(i, decimal.precision(), decimal.scale()).toJavaBigDecimal();
    } else if (type instanceof BinaryType) {
      return (values, i) -> ByteBuffer.wrap(values.getBinary(i));
    } else if (type instanceof TimestampType) {
      return (values, i) -> moment(values.getLong(i));
    } else if (type instanceof TimestampNTZType) {
      return (values, i) -> LocalDateTime.ofInstant(moment(values.getLong(i)), ZoneOffset.UTC);
    } else if (type instanceof StructType struct) {
      StructReader nested = new StructReader(struct, hasMappings);
      int size = struct.fields().length;
      return (values, i) -> nested.read(values.getStruct(i, size));
    } else if (type instanceof ArrayType array) {
      ValueReader element = reader(array.elementType(), column, hasMappings);
      return (values, i) -> list(values.getArray(i), element);
    } else if (type instanceof MapType map && map.keyType() instanceof StringType) {
      ValueReader key = reader(map.keyType(), column, hasMappings);
      ValueReader value = reader(map.valueType(), column, hasMappings);
      return (values, i) -> map(values.getMap(i), key, value);
    }
    throw new UnsupportedOperationException(
        "column " + column + " has the type " + type.simpleString());
  }

  private static Instant moment(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
  }

  private static List<@Nullable Object> list(ArrayData array, ValueReader element) {
    List<@Nullable Object> list = new ArrayList<>(array.numElements());
    for (int i = 0; i < array.numElements(); i++) {
      list.add(array.isNullAt(i) ? null : element.read(array, i));
    }
    return list;
  }

  private static Map<Object, @Nullable Object> map(
      MapData data, ValueReader key, ValueReader value) {
    ArrayData keys = data.keyArray();
    ArrayData values = data.valueArray();
    int entries = data.numElements();
    Map<Object, @Nullable Object> map = new LinkedHashMap<>(entries + entries / 2);
    for (int i = 0; i < entries; i++) {
      map.put(key.read(keys, i), values.isNullAt(i) ? null : value.read(values, i));
    }
    return map;
  }
}
