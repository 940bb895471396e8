package io.meshwork.internal.columnar;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.columnar.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.Vector;
import java.util.List;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.Type;

/**
 * The storage of a leaf column in a Parquet file.
 *
 * @param column position of the top-level column that it is or belongs to
 * @param groups the enclosing groups, from the column down; empty for a flat column
 * @param field the leaf, with its Iceberg field ID
 * @param path its names from the root in the file, including {@code list.element} and the like
 * @param name its path in messages, such as {@code lines[].quantity}
 * @param physical its physical type
 * @param width length of a FIXED_LEN_BYTE_ARRAY in bytes; 0 for the other types
 * @param kind the order of byte strings
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
  /** The length in bytes of a decimal of more than 18 digits in a {@link BytesVector}. */
  static final int DECIMAL_BYTES = 16;

  /** Returns the storage of a leaf; rejects types that leaves cannot have. */
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
              name, "has the type " + field.type() + ", which cannot be written to Parquet");
    }
    return new ParquetLeafEncoding(
        column, List.copyOf(groups), field, List.copyOf(path), name, physical, width, kind);
  }

  /** Returns the error for a schema that cannot be written because of one field. */
  static InvalidRequestException unwritable(String name, String why) {
    return Failure.of(MeshAction.of(Verb.WRITE, "a Parquet file"))
        .because("column " + name + " " + why)
        .state("Nothing was written.")
        .fix("Change its type, or remove the column.")
        .invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
  }

  /**
   * Returns the maximum definition level: the number of optional and repeated fields on the path.
   */
  int maxDefinitionLevel() {
    int level = field.isOptional() ? 1 : 0;
    for (ParquetGroupStep group : groups) {
      level += (group.optional() ? 1 : 0) + (group.repeats() ? 1 : 0);
    }
    return level;
  }

  /** Returns the maximum repetition level: the number of enclosing lists and maps. */
  int maxRepetitionLevel() {
    int level = 0;
    for (ParquetGroupStep group : groups) {
      level += group.repeats() ? 1 : 0;
    }
    return level;
  }

  /** Creates an encoder for the values. */
  ValuesEncoder newValuesEncoder(EncodingProfile profile, ParquetWriterLimits limits) {
    return physical == Type.BYTE_ARRAY || physical == Type.FIXED_LEN_BYTE_ARRAY
        ? new BytesValuesEncoder(this, profile, limits.pageBytes())
        : new NumberValuesEncoder(NumberEncoding.of(physical), profile);
  }

  /**
   * Returns the number of leading bytes of a value in its vector that the file omits, which are
   * sign extension.
   */
  int drop() {
    return kind == ColumnBytesStatistics.Kind.SIGNED ? DECIMAL_BYTES - width : 0;
  }

  /** Returns the leaf's vector within the vector of its column. */
  Vector vector(Vector root) {
    Vector vector = root;
    for (ParquetGroupStep group : groups) {
      vector = group.below(vector);
    }
    return vector;
  }

  /** Returns the first slot of a row; the number of slots for the row after the last. */
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
