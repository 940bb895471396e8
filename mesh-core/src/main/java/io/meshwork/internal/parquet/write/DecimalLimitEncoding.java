package io.meshwork.internal.parquet.write;

import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import java.math.BigInteger;
import java.util.Arrays;

/** The limit of a decimal's precision: the largest unscaled value. */
final class DecimalLimitEncoding {
  private DecimalLimitEncoding() {}

  /** Returns the first row with more digits, or -1. */
  static int firstBeyond(LongVector values, int precision) {
    long limit = limit(precision).longValueExact();
    long[] unscaled = values.values();
    for (int row = 0; row < values.size(); row++) {
      if (unscaled[row] >= limit || unscaled[row] <= -limit) {
        return row;
      }
    }
    return -1;
  }

  /** Returns the first row with more digits, or -1; values have 16 bytes. */
  static int firstBeyond(BytesVector values, int precision) {
    byte[] limit = wide(limit(precision));
    byte[] below = wide(limit(precision).negate());
    byte[] data = values.data();
    for (int row = 0; row < values.size(); row++) {
      int start = values.start(row);
      if (values.isNull(row)) {
        continue;
      }
      boolean beyond =
          data[start] >= 0
              ? Arrays.compareUnsigned(data, start, start + 16, limit, 0, 16) >= 0
              : Arrays.compareUnsigned(data, start, start + 16, below, 0, 16) <= 0;
      if (beyond) {
        return row;
      }
    }
    return -1;
  }

  private static BigInteger limit(int precision) {
    return BigInteger.TEN.pow(precision);
  }

  private static byte[] wide(BigInteger value) {
    byte[] bytes = new byte[16];
    byte[] shortest = value.toByteArray();
    Arrays.fill(bytes, (byte) (value.signum() < 0 ? -1 : 0));
    System.arraycopy(shortest, 0, bytes, 16 - shortest.length, shortest.length);
    return bytes;
  }
}
