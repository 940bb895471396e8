package io.meshwork.spark;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
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
import org.jspecify.annotations.Nullable;

/** Rows of Spark as records of a contract's schema. Immutable. */
final class SparkRecords {
  private final StructReader reader;

  /**
   * Prepares the conversion.
   *
   * @param columns the columns of the rows, which are those of the table
   * @param schema the contract's schema
   */
  SparkRecords(StructType columns, Schema schema) {
    this.reader = new StructReader(columns, schema);
  }

  GenericRecord of(InternalRow row) {
    return reader.record(row);
  }

  /** Reads a value that is not null. */
  private interface ValueReader {
    Object read(SpecializedGetters values, int ordinal);
  }

  private static final class StructReader {
    private final Schema schema;
    private final int[] positions;
    private final ValueReader[] readers;

    StructReader(StructType columns, Schema schema) {
      this.schema = schema;
      StructField[] fields = columns.fields();
      positions = new int[fields.length];
      readers = new ValueReader[fields.length];
      for (int i = 0; i < fields.length; i++) {
        Schema.Field field = schema.getField(fields[i].name());
        if (field == null) {
          throw MeshTable.refused(
              "write column " + fields[i].name(),
              "the contract has no such column",
              "Read the table again, and run the job again.");
        }
        positions[i] = field.pos();
        readers[i] = reader(fields[i].dataType(), notNull(field.schema()), fields[i].name());
      }
    }

    GenericRecord record(InternalRow row) {
      GenericRecord record = new GenericData.Record(schema);
      for (int i = 0; i < positions.length; i++) {
        if (!row.isNullAt(i)) {
          record.put(positions[i], readers[i].read(row, i));
        }
      }
      return record;
    }
  }

  private static ValueReader reader(DataType type, Schema schema, String column) {
    if (type instanceof IntegerType || type instanceof DateType) {
      return SpecializedGetters::getInt;
    } else if (type instanceof LongType) {
      return SpecializedGetters::getLong;
    } else if (type instanceof DoubleType) {
      return SpecializedGetters::getDouble;
    } else if (type instanceof FloatType) {
      return SpecializedGetters::getFloat;
    } else if (type instanceof BooleanType) {
      return SpecializedGetters::getBoolean;
    } else if (type instanceof StringType) {
      return (values, i) -> new Utf8(values.getUTF8String(i).getBytes());
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
      StructReader nested = new StructReader(struct, schema);
      int size = struct.fields().length;
      return (values, i) -> nested.record(values.getStruct(i, size));
    } else if (type instanceof ArrayType array) {
      ValueReader element = reader(array.elementType(), notNull(schema.getElementType()), column);
      return (values, i) -> list(values.getArray(i), element);
    } else if (type instanceof MapType map
        && map.keyType() instanceof StringType
        && schema.getType() == Schema.Type.MAP) {
      ValueReader value = reader(map.valueType(), notNull(schema.getValueType()), column);
      return (values, i) -> map(values.getMap(i), value);
    }
    throw MeshTable.refused(
        "write column " + column,
        "its type " + type.simpleString() + " is not supported in a checked append",
        "Publish it with MeshClient.");
  }

  private static Instant moment(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static List<@Nullable Object> list(ArrayData array, ValueReader element) {
    List<@Nullable Object> list = new ArrayList<>(array.numElements());
    for (int i = 0; i < array.numElements(); i++) {
      list.add(array.isNullAt(i) ? null : element.read(array, i));
    }
    return list;
  }

  private static Map<String, @Nullable Object> map(MapData data, ValueReader value) {
    ArrayData keys = data.keyArray();
    ArrayData values = data.valueArray();
    Map<String, @Nullable Object> map = new HashMap<>();
    for (int i = 0; i < data.numElements(); i++) {
      map.put(keys.getUTF8String(i).toString(), values.isNullAt(i) ? null : value.read(values, i));
    }
    return map;
  }

  private static Schema notNull(Schema schema) {
    if (!schema.isUnion()) {
      return schema;
    }
    return schema.getTypes().stream()
        .filter(branch -> branch.getType() != Schema.Type.NULL)
        .findFirst()
        .orElse(schema);
  }
}
