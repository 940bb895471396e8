package io.meshwork.internal.columnar;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.List;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.Type;

/**
 * How a leaf column lies in a Parquet file.
 *
 * @param column the position of the top-level column that it is or lies in
 * @param groups what lies above it, from the column down; empty for a flat column
 * @param field the leaf, with its Iceberg field id
 * @param path its names from the root in the file, {@code list.element} and the like included
 * @param name its place as an error message gives it, such as {@code lines[].quantity}
 * @param physical its Parquet type
 * @param width bytes a value of a FIXED_LEN_BYTE_ARRAY; 0 for the other types
 * @param kind how byte strings are ordered
 */
record ParquetLeafEncoding(
    int column,
    List<ParquetGroupStep> groups,
    Types.NestedField field,
    List<String> path,
    String name,
    Type physical,
    int width,
    ColumnBytesStatistics.Kind kind) {
  /** Bytes a decimal of more than 18 digits has in a {@link BytesVector}. */
  static final int DECIMAL_BYTES = 16;

  /** The storage of a leaf; refuses types that no leaf has. */
  static ParquetLeafEncoding of(
      int column,
      List<ParquetGroupStep> groups,
      Types.NestedField field,
      List<String> path,
      String name) {
    ColumnBytesStatistics.Kind kind = ColumnBytesStatistics.Kind.BINARY;
    int width = 0;
    Type physical;
    switch (field.type().typeId()) {
      case BOOLEAN -> physical = Type.BOOLEAN;
      case INTEGER, DATE -> physical = Type.INT32;
      case LONG, TIME, TIMESTAMP, TIMESTAMP_NANO -> physical = Type.INT64;
      case FLOAT -> physical = Type.FLOAT;
      case DOUBLE -> physical = Type.DOUBLE;
      case STRING -> {
        physical = Type.BYTE_ARRAY;
        kind = ColumnBytesStatistics.Kind.TEXT;
      }
      case BINARY -> physical = Type.BYTE_ARRAY;
      case FIXED -> {
        physical = Type.FIXED_LEN_BYTE_ARRAY;
        kind = ColumnBytesStatistics.Kind.FIXED;
        width = ((Types.FixedType) field.type()).length();
      }
      case UUID -> {
        physical = Type.FIXED_LEN_BYTE_ARRAY;
        kind = ColumnBytesStatistics.Kind.FIXED;
        width = 16;
      }
      case DECIMAL -> {
        int precision = ((Types.DecimalType) field.type()).precision();
        if (precision <= 9) {
          physical = Type.INT32;
        } else if (precision <= 18) {
          physical = Type.INT64;
        } else {
          physical = Type.FIXED_LEN_BYTE_ARRAY;
          kind = ColumnBytesStatistics.Kind.SIGNED;
          width = DecimalLimitEncoding.bytes(precision);
        }
      }
      default ->
          throw unwritable(
              name, "has the type " + field.type() + ", which Parquet files do not hold here");
    }
    return new ParquetLeafEncoding(
        column, List.copyOf(groups), field, List.copyOf(path), name, physical, width, kind);
  }

  /** The refusal of a schema because of one place in it. */
  static InvalidRequestException unwritable(String name, String why) {
    return new InvalidRequestException(
        ErrorCode.SCHEMA_UNSUPPORTED,
        "Opening a Parquet file failed: column "
            + name
            + " "
            + why
            + ". Nothing was written; give it another type or leave it out.");
  }

  /** The level of a value that is there: one for each optional or repeated place on the way. */
  int maxDefinitionLevel() {
    int level = field.isOptional() ? 1 : 0;
    for (ParquetGroupStep group : groups) {
      level += (group.optional() ? 1 : 0) + (group.repeats() ? 1 : 0);
    }
    return level;
  }

  /** How many lists and maps lie above it. */
  int maxRepetitionLevel() {
    int level = 0;
    for (ParquetGroupStep group : groups) {
      level += group.repeats() ? 1 : 0;
    }
    return level;
  }

  /** An encoder for the values. */
  ValuesEncoder newValuesEncoder(EncodingProfile profile, ParquetWriterLimits limits) {
    return physical == Type.BYTE_ARRAY || physical == Type.FIXED_LEN_BYTE_ARRAY
        ? new BytesValuesEncoder(this, profile, limits.pageBytes())
        : new NumberValuesEncoder(NumberEncoding.of(physical), profile);
  }

  /** Leading bytes of a value in its vector that the file leaves out, being copies of the sign. */
  int drop() {
    return kind == ColumnBytesStatistics.Kind.SIGNED ? DECIMAL_BYTES - width : 0;
  }

  /** The leaf's vector in the vector of its column. */
  Vector vector(Vector root) {
    Vector vector = root;
    for (ParquetGroupStep group : groups) {
      vector = group.below(vector);
    }
    return vector;
  }

  /** Where the leaf's slots of a row of the batch begin; its size for the row after the last. */
  int start(Vector root, int row) {
    Vector vector = root;
    int start = row;
    for (ParquetGroupStep group : groups) {
      start = group.start(vector, start);
      vector = group.below(vector);
    }
    return start;
  }
}
