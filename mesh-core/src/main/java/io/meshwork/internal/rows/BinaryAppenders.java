package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Appends bytes, and decimals, which Avro stores as bytes. */
final class BinaryAppenders {
  /** The maximum number of bits of a decimal of 38 digits, without its sign. */
  private static final int MAX_BITS = 127;

  /** The digits that every {@code long} holds. */
  static final int LONG_DIGITS = 18;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private BinaryAppenders() {}

  /** Appends bytes of any length, or of a fixed length. */
  static final class Binaries extends LeafAppender {
    private final int fixedLength;

    Binaries(ContractColumn column) {
      super(column);
      fixedLength = column.kind() == ColumnKind.FIXED ? column.contractType().getFixedSize() : -1;
    }

    @Override
    boolean accept(Object value, Vector vector) {
      ByteBuffer bytes = bytesOf(value);
      if (bytes == null || !isFixed(bytes) || bytes.remaining() > TextEncoder.LIMIT) {
        return false;
      }
      int length = bytes.remaining();
      BytesVector target = (BytesVector) vector;
      int at = target.reserve(length);
      bytes.get(target.data(), at, length);
      target.commit(length);
      return true;
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }

    private boolean isFixed(ByteBuffer bytes) {
      return fixedLength < 0 || bytes.remaining() == fixedLength;
    }

    @Override
    void refuse(Object value, Vector vector, int row, TypeViolations violations) {
      ByteBuffer bytes = bytesOf(value);
      if (bytes == null) {
        mismatch(value, vector, row, violations);
        return;
      }
      int length = bytes.remaining();
      if (isFixed(bytes)) {
        TextAppenders.tooLarge(this, vector, row, violations, "value of " + length + " bytes");
        return;
      }
      refuse(
          vector,
          row,
          violations,
          FindingCode.FIXED_LENGTH,
          "a value of " + length + " bytes, but the column requires " + fixedLength + " bytes");
    }
  }

  /** Appends decimals: padded to the column's scale, never rounded. */
  static final class Decimals extends LeafAppender {
    private final int precision;
    private final int scale;
    private final int rawScale;

    /** Values of up to 8 bytes in the column's scale fit if they are closer to zero than this. */
    private final long limit;

    Decimals(ContractColumn column, @Nullable Schema raw) {
      super(column);
      Types.DecimalType type = (Types.DecimalType) column.stored();
      precision = type.precision();
      scale = type.scale();
      rawScale =
          raw != null && raw.getLogicalType() instanceof LogicalTypes.Decimal decimal
              ? decimal.getScale()
              : -1;
      limit = limit(precision);
    }

    @Override
    boolean accept(Object value, Vector vector) {
      if (value instanceof BigDecimal decimal) {
        return acceptDecimal(decimal, vector);
      }
      ByteBuffer bytes = rawScale < 0 ? null : bytesOf(value);
      if (bytes == null || !bytes.hasRemaining()) {
        return false;
      }
      return (rawScale == scale && bytes.remaining() <= Long.BYTES && appendLong(bytes, vector))
          || acceptDecimal(decimal(bytes), vector);
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }

    private BigDecimal decimal(ByteBuffer bytes) {
      byte[] unscaled = new byte[bytes.remaining()];
      bytes.get(unscaled);
      return new BigDecimal(new BigInteger(unscaled), rawScale);
    }

    /** Appends up to eight bytes; returns false, and consumes nothing, if they do not fit. */
    private boolean appendLong(ByteBuffer bytes, Vector vector) {
      long unscaled = bytes.get(bytes.position());
      for (int i = bytes.position() + 1; i < bytes.limit(); i++) {
        unscaled = unscaled << 8 | (bytes.get(i) & 0xFF);
      }
      if (vector instanceof LongVector longs) {
        if (unscaled <= -limit || unscaled >= limit) {
          return false;
        }
        longs.append(unscaled);
        return true;
      }
      if (precision <= LONG_DIGITS) {
        return false;
      }
      BytesVector target = (BytesVector) vector;
      int at = target.reserve(BytesVector.DECIMAL_BYTES);
      writeLong(unscaled >> 63, target.data(), at);
      writeLong(unscaled, target.data(), at + Long.BYTES);
      target.commit(BytesVector.DECIMAL_BYTES);
      return true;
    }

    private boolean acceptDecimal(BigDecimal value, Vector vector) {
      if (value.scale() > scale) {
        return false;
      }
      BigInteger unscaled = value.unscaledValue();
      if (hasTooManyDigits(value, unscaled)) {
        return false;
      }
      if (unscaled.signum() != 0 && value.scale() != scale) {
        unscaled = value.setScale(scale).unscaledValue();
      }
      if (vector instanceof LongVector longs) {
        longs.append(unscaled.longValue());
      } else {
        write(unscaled, (BytesVector) vector);
      }
      return true;
    }

    /** Counting the digits of a huge number is slow, so the number of bits is checked first. */
    private boolean hasTooManyDigits(BigDecimal value, BigInteger unscaled) {
      return unscaled.bitLength() > MAX_BITS
          || (unscaled.signum() != 0
              && value.precision() - (long) value.scale() > precision - scale);
    }

    @Override
    void refuse(Object value, Vector vector, int row, TypeViolations violations) {
      ByteBuffer bytes = rawScale < 0 ? null : bytesOf(value);
      if (value instanceof BigDecimal decimal) {
        refuseDecimal(decimal, vector, row, violations);
      } else if (bytes == null || !bytes.hasRemaining()) {
        mismatch(value, vector, row, violations);
      } else {
        refuseDecimal(decimal(bytes), vector, row, violations);
      }
    }

    private void refuseDecimal(
        BigDecimal value, Vector vector, int row, TypeViolations violations) {
      if (value.scale() <= scale) {
        refuse(
            vector,
            row,
            violations,
            FindingCode.DECIMAL_PRECISION,
            tooManyDigits(precision, scale));
        return;
      }
      refuse(
          vector,
          row,
          violations,
          FindingCode.DECIMAL_SCALE,
          "a decimal of scale "
              + value.scale()
              + ", but the column has scale "
              + scale
              + " and values are not rounded");
    }

    private static void write(BigInteger unscaled, BytesVector vector) {
      int at = vector.reserve(BytesVector.DECIMAL_BYTES);
      writeLong(unscaled.shiftRight(Long.SIZE).longValue(), vector.data(), at);
      writeLong(unscaled.longValue(), vector.data(), at + Long.BYTES);
      vector.commit(BytesVector.DECIMAL_BYTES);
    }
  }

  /** Returns the least unscaled value of too many digits, if a {@code long} holds it. */
  static long limit(int precision) {
    return precision > LONG_DIGITS ? Long.MAX_VALUE : BigInteger.TEN.pow(precision).longValue();
  }

  /** Returns why a decimal is too large. */
  static String tooManyDigits(int precision, int scale) {
    return "a decimal with more than "
        + (precision - scale)
        + " integer digits, the maximum of decimal("
        + precision
        + ","
        + scale
        + ")";
  }

  /** Returns the bytes of a value without consuming it; null if it has none. */
  static @Nullable ByteBuffer bytesOf(Object value) {
    if (value instanceof byte[] array) {
      return ByteBuffer.wrap(array);
    }
    if (value instanceof ByteBuffer buffer) {
      return buffer.duplicate();
    }
    return value instanceof GenericFixed fixed ? ByteBuffer.wrap(fixed.bytes()) : null;
  }

  static void writeLong(long value, byte[] target, int at) {
    LONGS.set(target, at, value);
  }
}
