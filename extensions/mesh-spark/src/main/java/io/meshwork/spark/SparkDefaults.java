package io.meshwork.spark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The defaults of columns, which Spark writes for columns that a statement leaves out. */
final class SparkDefaults {
  /**
   * The keys of metadata by which Spark knows a default: for new rows, and for rows of old files.
   */
  private static final String OF_NEW_ROWS = "CURRENT_DEFAULT";

  private static final String OF_OLD_ROWS = "EXISTS_DEFAULT";

  private SparkDefaults() {}

  /**
   * Returns columns with these defaults alone: Iceberg has others, such as of nullable columns.
   *
   * @param defaults by column, as rows that are read as maps have them
   */
  static StructType in(StructType columns, Map<String, Object> defaults) {
    return new StructType(
        Arrays.stream(columns.fields())
            .map(column -> with(column, defaults.get(column.name())))
            .toArray(StructField[]::new));
  }

  private static StructField with(StructField column, @Nullable Object value) {
    MetadataBuilder metadata =
        new MetadataBuilder()
            .withMetadata(column.metadata())
            .remove(OF_NEW_ROWS)
            .remove(OF_OLD_ROWS);
    if (value != null) {
      // Spark takes a default only with both.
      metadata
          .putString(OF_NEW_ROWS, text(value, column.dataType()))
          .putString(OF_OLD_ROWS, "NULL");
    }
    return new StructField(column.name(), column.dataType(), column.nullable(), metadata.build());
  }

  /** Returns a constant of Spark's SQL; in hexadecimal, as settings change the quoting of text. */
  private static String text(@Nullable Object value, DataType type) {
    if (value == null) {
      return "NULL";
    } else if (value instanceof List<?> list && type instanceof ArrayType array) {
      return call("array", list.stream().map(each -> text(each, array.elementType())), type);
    } else if (value instanceof Map<?, ?> map && type instanceof MapType types) {
      return call(
          "map",
          map.entrySet().stream()
              .flatMap(
                  entry ->
                      Stream.of(
                          text(entry.getKey(), types.keyType()),
                          text(entry.getValue(), types.valueType()))),
          type);
    } else if (value instanceof Map<?, ?> fields && type instanceof StructType struct) {
      return call(
          "struct",
          Arrays.stream(struct.fields())
              .map(field -> text(fields.get(field.name()), field.dataType())),
          type);
    } else if (value instanceof ByteBuffer bytes && type instanceof BinaryType) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return hex(copy);
    }
    return "CAST(CAST("
        + hex(value.toString().getBytes(StandardCharsets.UTF_8))
        + " AS STRING) AS "
        + type.sql()
        + ")";
  }

  private static String call(String function, Stream<String> arguments, DataType type) {
    return "CAST("
        + function
        + arguments.collect(Collectors.joining(", ", "(", ")"))
        + " AS "
        + type.sql()
        + ")";
  }

  private static String hex(byte[] bytes) {
    return "X'" + HexFormat.of().formatHex(bytes) + "'";
  }
}
