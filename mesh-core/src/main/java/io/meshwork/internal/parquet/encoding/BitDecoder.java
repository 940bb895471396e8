package io.meshwork.internal.parquet.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Decodes little-endian integers, bit-packed integers, and varints from arrays. */
final class BitDecoder {
  /**
   * The number of readable bytes required after a buffer's end, because whole words are read at any
   * offset.
   */
  static final int SLACK = 16;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private BitDecoder() {}

  static long longAt(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  static int intAt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  /** Unpacks values of up to 32 bits each, least significant bit first. */
  static void unpack(byte[] bytes, long bit, int width, int[] to, int at, int count) {
    if (width == 8 && (bit & 7) == 0) {
      int from = (int) (bit >>> 3);
      for (int i = 0; i < count; i++) {
        to[at + i] = bytes[from + i] & 0xFF;
      }
      return;
    }
    long mask = (1L << width) - 1;
    long place = bit;
    for (int i = 0; i < count; i++) {
      to[at + i] = (int) ((longAt(bytes, (int) (place >>> 3)) >>> (place & 7)) & mask);
      place += width;
    }
  }

  /** Unpacks values of up to 64 bits each, least significant bit first. */
  static void unpack(byte[] bytes, long bit, int width, long[] to, int at, int count) {
    long mask = width == 64 ? -1L : (1L << width) - 1;
    long place = bit;
    if (width <= 57) {
      for (int i = 0; i < count; i++) {
        to[at + i] = (longAt(bytes, (int) (place >>> 3)) >>> (place & 7)) & mask;
        place += width;
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      int from = (int) (place >>> 3);
      int shift = (int) (place & 7);
      long word = longAt(bytes, from) >>> shift;
      if (shift > 0) {
        word |= (long) (bytes[from + 8] & 0xFF) << (64 - shift);
      }
      to[at + i] = word & mask;
      place += width;
    }
  }

  /** Returns the bit width of values up to {@code most}. */
  static int width(int most) {
    return 32 - Integer.numberOfLeadingZeros(most);
  }
}
