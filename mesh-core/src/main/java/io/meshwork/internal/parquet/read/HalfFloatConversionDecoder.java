package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.Vector;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Converts FLOAT16, the binary16 of IEEE 754 in two little-endian bytes, to float or double, which
 * contain all its values.
 */
final class HalfFloatConversionDecoder extends ConversionDecoder {
  private static final float LEAST_SUBNORMAL = 0x1p-24f;

  private final BytesVector scratch = new BytesVector();

  private HalfFloatConversionDecoder() {}

  static @Nullable ConversionDecoder of(Type wanted) {
    return switch (wanted.typeId()) {
      case FLOAT, DOUBLE -> new HalfFloatConversionDecoder();
      default -> null;
    };
  }

  @Override
  void append(ValueDecoder from, Vector to, int count) {
    scratch.reset();
    from.bytes(scratch, count);
    byte[] bytes = scratch.data();
    int at = to.size();
    if (to instanceof FloatVector floats) {
      float[] values = floats.ensureCapacity(count);
      for (int i = 0; i < count; i++) {
        values[at + i] = value(bytes, 2 * i);
      }
    } else {
      double[] values = ((DoubleVector) to).ensureCapacity(count);
      for (int i = 0; i < count; i++) {
        values[at + i] = value(bytes, 2 * i);
      }
    }
    to.extended(count);
  }

  private static float value(byte[] bytes, int at) {
    int bits = (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
    int sign = bits >>> 15 << 31;
    int exponent = bits >>> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      return Math.copySign(fraction * LEAST_SUBNORMAL, sign == 0 ? 1f : -1f);
    }
    // Exponents are biased by 15 and 127; 31 stands for infinity and NaN, as 255 does.
    int wider = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wider << 23 | fraction << 13);
  }
}
