package io.meshwork.internal.parquet.read;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * A column, or a field of a struct, that the file lacks: every value is null, or the field's
 * initial default.
 */
final class ConstantReader {
  private final Vector one;
  private Vector rows;

  private ConstantReader(Type type, @Nullable Object value) {
    this.one = VectorBatch.emptyVector(type);
    this.rows = one.newEmpty();
    if (value == null) {
      one.appendNull();
    } else {
      append(type, value);
    }
  }

  /** Returns the reader of a field that the file lacks. */
  static ConstantReader absent(NestedField field) {
    return new ConstantReader(field.type(), field.initialDefault());
  }

  /** Returns the reader of a field that is null in every row. */
  static ConstantReader nulls(Type type) {
    return new ConstantReader(type, null);
  }

  /** Returns this many rows. Returns the same vector again unless the caller modified it. */
  Vector read(int count) {
    if (rows.size() != count) {
      // The rows of the last batch remain valid.
      if (one.nullCount() > 0) {
        rows = one.newEmpty();
        rows.appendNulls(count);
      } else {
        rows = one.gather(new int[count]);
      }
    }
    return rows;
  }

  /** Appends a value for each non-null struct and a null for each null struct. */
  void append(Vector to, StructVector structs, int count) {
    if (one.nullCount() > 0 || structs.nullCount() == count) {
      to.appendNulls(count);
      return;
    }
    for (int row = 0; row < count; row++) {
      if (structs.isNull(row)) {
        to.appendNull();
      } else {
        to.appendFrom(one, 0);
      }
    }
  }

  private void append(Type type, Object value) {
    if (one instanceof BooleanVector booleans) {
      booleans.append((Boolean) value);
    } else if (one instanceof IntVector ints) {
      ints.append((Integer) value);
    } else if (one instanceof LongVector longs) {
      longs.append(
          value instanceof BigDecimal decimal
              ? decimal.unscaledValue().longValueExact()
              : (Long) value);
    } else if (one instanceof FloatVector floats) {
      floats.append((Float) value);
    } else if (one instanceof DoubleVector doubles) {
      doubles.append((Double) value);
    } else if (one instanceof BytesVector bytes) {
      bytes.append(bytes(type, value));
    }
  }

  private static byte[] bytes(Type type, Object value) {
    if (value instanceof CharSequence text) {
      return text.toString().getBytes(StandardCharsets.UTF_8);
    } else if (value instanceof UUID id) {
      return ByteBuffer.allocate(16)
          .putLong(id.getMostSignificantBits())
          .putLong(id.getLeastSignificantBits())
          .array();
    } else if (value instanceof BigDecimal decimal) {
      int scale = ((Types.DecimalType) type).scale();
      byte[] number = decimal.setScale(scale).unscaledValue().toByteArray();
      byte[] result = new byte[16];
      Arrays.fill(result, (byte) (number[0] >> 7));
      System.arraycopy(number, 0, result, 16 - number.length, number.length);
      return result;
    }
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] result = new byte[buffer.remaining()];
    buffer.get(result);
    return result;
  }
}
