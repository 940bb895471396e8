package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Converts the bounds in a footer to values of the column's Iceberg type. */
final class FooterBounds {
  private FooterBounds() {}

  /**
   * Returns the value, in the class that {@link FooterRowGroup.FooterColumnChunk} documents; null
   * if it is unknown: missing, of the wrong length, NaN, in an undefined order, or in an
   * incompatible unit.
   */
  static @Nullable Object value(ValueType stored, byte @Nullable [] plain) {
    Type type = stored.type();
    if (type == null || plain == null) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    return switch (stored.physical()) {
      case BOOLEAN -> plain.length == 1 ? (Object) (plain[0] != 0) : null;
      case INT32 -> plain.length == 4 ? integer(stored, type, bytes.getInt()) : null;
      case INT64 -> plain.length == 8 ? integer(stored, type, bytes.getLong()) : null;
      case FLOAT -> plain.length == 4 ? number(bytes.getFloat()) : null;
      case DOUBLE -> plain.length == 8 ? number(bytes.getDouble()) : null;
      // The bounds of FLOAT16 are not used: there are few such columns.
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY ->
          type.typeId() == Type.TypeID.FLOAT ? null : bytes(type, plain);
      case INT96 -> null;
    };
  }

  private static @Nullable Object number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private static @Nullable Object integer(ValueType stored, Type type, long value) {
    boolean narrow = stored.physical() == org.apache.parquet.format.Type.INT32;
    if (stored.unsigned() && narrow) {
      value &= 0xFFFF_FFFFL;
    }
    if (type instanceof Types.DecimalType decimal) {
      return stored.unsigned()
          ? new BigDecimal(Long.toUnsignedString(value))
          : BigDecimal.valueOf(value, decimal.scale());
    }
    return switch (stored.ticks()) {
      case NONE -> value;
      case MICROS ->
          type.typeId() == Type.TypeID.TIME || type.typeId() == Type.TypeID.TIMESTAMP
              ? (Object) value
              : null;
      case NANOS -> type.typeId() == Type.TypeID.TIMESTAMP_NANO ? (Object) value : null;
      case MILLIS -> millis(type, value);
    };
  }

  private static @Nullable Object millis(Type type, long value) {
    boolean micros = type.typeId() == Type.TypeID.TIME || type.typeId() == Type.TypeID.TIMESTAMP;
    boolean inRange = Math.abs(value) <= Long.MAX_VALUE / 1_000 && value != Long.MIN_VALUE;
    return micros && inRange ? (Object) (value * 1_000) : null;
  }

  private static @Nullable Object bytes(Type type, byte[] plain) {
    if (type instanceof Types.DecimalType decimal) {
      return plain.length == 0 ? null : new BigDecimal(new BigInteger(plain), decimal.scale());
    }
    return plain;
  }
}
