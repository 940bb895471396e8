package io.meshwork.internal.uniqueness;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in the bytes of a key, which are big-endian. */
final class KeyBytes {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private KeyBytes() {}

  static long longAt(byte[] bytes, int position) {
    return (long) LONGS.get(bytes, position);
  }

  static int intAt(byte[] bytes, int position) {
    return (int) INTS.get(bytes, position);
  }

  static void putLong(byte[] bytes, int position, long value) {
    LONGS.set(bytes, position, value);
  }

  static void putInt(byte[] bytes, int position, int value) {
    INTS.set(bytes, position, value);
  }
}
