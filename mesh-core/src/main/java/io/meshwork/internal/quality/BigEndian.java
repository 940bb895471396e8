package io.meshwork.internal.quality;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads big-endian numbers from byte arrays. */
final class BigEndian {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private BigEndian() {}

  static long longAt(byte[] bytes, int position) {
    return (long) LONGS.get(bytes, position);
  }

  static void putLong(byte[] bytes, int position, long value) {
    LONGS.set(bytes, position, value);
  }

  /** Compares two 128-bit numbers in two's complement. */
  static int compare(long upper, long lower, long otherUpper, long otherLower) {
    int byUpper = Long.compare(upper, otherUpper);
    return byUpper != 0 ? byUpper : Long.compareUnsigned(lower, otherLower);
  }
}
