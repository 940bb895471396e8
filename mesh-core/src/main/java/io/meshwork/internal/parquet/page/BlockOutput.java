package io.meshwork.internal.parquet.page;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The output of a block decoder: literals, and matches, which repeat earlier output. Each is copied
 * in words of eight bytes where the output has room for a whole word. Not thread-safe.
 */
final class BlockOutput {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Longer literals are copied by the JVM. */
  private static final int SHORT_BYTES = 32;

  private final byte[] bytes;
  private final int start;
  private final int limit;
  private int position;

  BlockOutput(byte[] bytes, int start, int most) {
    this.bytes = bytes;
    this.start = start;
    this.limit = start + most;
    this.position = start;
  }

  /** The number of bytes that were written. */
  int written() {
    return position - start;
  }

  /** Copies bytes of the input, which ends at {@code end}. */
  void literals(byte[] in, int from, int length, int end) throws IOException {
    if (length < 0 || length > end - from || length > limit - position) {
      throw new IOException("literals exceed the block");
    }
    if (length <= SHORT_BYTES && end - from >= length + 7 && limit - position >= length + 7) {
      for (int i = 0; i < length; i += Long.BYTES) {
        WORD.set(bytes, position + i, (long) WORD.get(in, from + i));
      }
    } else {
      System.arraycopy(in, from, bytes, position, length);
    }
    position += length;
  }

  /** Repeats bytes that were written before; the repetition may overlap what it repeats. */
  void match(int distance, int length) throws IOException {
    if (distance <= 0 || distance > position - start) {
      throw new IOException("a match is outside the block");
    }
    if (length < 0 || length > limit - position) {
      throw new IOException("a match exceeds the block");
    }
    if (distance >= Long.BYTES && limit - position >= length + 7) {
      for (int i = 0; i < length; i += Long.BYTES) {
        WORD.set(bytes, position + i, (long) WORD.get(bytes, position + i - distance));
      }
    } else {
      repeat(distance, length);
    }
    position += length;
  }

  /** Copies what is there, then twice as much, and so on. */
  private void repeat(int distance, int length) {
    int first = position - distance;
    int to = position;
    int end = position + length;
    while (to < end) {
      int some = Math.min(to - first, end - to);
      System.arraycopy(bytes, first, bytes, to, some);
      to += some;
    }
  }
}
