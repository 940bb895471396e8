package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.Vector;
import java.util.List;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.Type;

/**
 * A leaf of a schema to write: where its values are in the batches, and its column in the file.
 *
 * @param position of the top-level column that it is or belongs to
 * @param groups the enclosing groups, from that column down; empty for a flat column
 * @param field the leaf, with its Iceberg field ID
 * @param name its path in messages, such as {@code lines[].quantity}
 * @param column its column in the file
 */
record ParquetLeaf(
    int position,
    List<ParquetGroupStep> groups,
    Types.NestedField field,
    String name,
    ParquetColumn column) {
  ParquetLeaf {
    groups = List.copyOf(groups);
  }

  /** Returns the physical type of the values. */
  Type physical() {
    return column.type().physical();
  }

  /** Returns the length of a FIXED_LEN_BYTE_ARRAY in bytes; 0 for the other types. */
  int width() {
    return physical() == Type.FIXED_LEN_BYTE_ARRAY ? column.type().width() : 0;
  }

  /** Returns the order of byte strings. */
  ColumnBytesStatistics.Kind kind() {
    return switch (field.type().typeId()) {
      case STRING -> ColumnBytesStatistics.Kind.TEXT;
      case FIXED -> ColumnBytesStatistics.Kind.FIXED;
      case UUID -> ColumnBytesStatistics.Kind.UUID;
      case DECIMAL ->
          physical() == Type.FIXED_LEN_BYTE_ARRAY
              ? ColumnBytesStatistics.Kind.SIGNED
              : ColumnBytesStatistics.Kind.BINARY;
      default -> ColumnBytesStatistics.Kind.BINARY;
    };
  }

  /** Creates an encoder for the values. */
  ValuesEncoder newValuesEncoder(EncodingProfile profile, ParquetWriterLimits limits) {
    return physical() == Type.BYTE_ARRAY || physical() == Type.FIXED_LEN_BYTE_ARRAY
        ? new BytesValuesEncoder(this, profile, limits.pageBytes())
        : new NumberValuesEncoder(NumberEncoding.of(physical()), profile);
  }

  /**
   * Returns the number of leading bytes of a value in its vector that the file omits, which are
   * sign extension.
   */
  int drop() {
    return kind() == ColumnBytesStatistics.Kind.SIGNED ? BytesVector.DECIMAL_BYTES - width() : 0;
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
