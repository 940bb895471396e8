package io.meshwork.internal.parquet.write;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compares byte strings as unsigned bytes and computes bounds that are shorter than the values. */
final class ByteOrdering {
  private static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private ByteOrdering() {}

  /**
   * Returns the first eight bytes, zero-padded, as one unsigned number, ordered like the byte
   * strings. Equal numbers do not imply equal byte strings.
   */
  static long prefix(byte[] data, int from, int to) {
    int length = to - from;
    if (from + 8 <= data.length) {
      long word = (long) BIG_ENDIAN.get(data, from);
      return length >= 8 ? word : length == 0 ? 0 : word & (-1L << (64 - 8 * length));
    }
    long word = 0;
    for (int i = 0; i < 8; i++) {
      word = (word << 8) | (i < length ? data[from + i] & 0xFF : 0);
    }
    return word;
  }

  /** Returns the last character boundary at or before {@code limit}, which lies within the text. */
  static int characterEnd(byte[] utf8, int limit) {
    int end = limit;
    while (end > 0 && (utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return end == 0 ? limit : end;
  }

  /**
   * Returns the least byte string of this length above all that start with these bytes; null if
   * there is none.
   */
  static byte @Nullable [] increment(byte[] bytes) {
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] != (byte) 0xFF) {
        byte[] incremented = Arrays.copyOf(bytes, i + 1);
        incremented[i]++;
        return incremented;
      }
    }
    return null;
  }

  /**
   * Returns a string of at most {@code limit} bytes above all strings with this longer start; null
   * if there is none. Invalid UTF-8 is treated as bytes.
   */
  static byte @Nullable [] incrementText(byte[] utf8, int limit) {
    // One byte less, because the next code point may be one byte longer.
    int end = characterEnd(utf8, limit - 1);
    CharBuffer characters;
    try {
      characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8, 0, end));
    } catch (CharacterCodingException e) {
      return increment(Arrays.copyOf(utf8, limit));
    }
    int[] points = characters.codePoints().toArray();
    for (int i = points.length - 1; i >= 0; i--) {
      int next = points[i] + 1;
      if (next == Character.MIN_SURROGATE) {
        next = Character.MAX_SURROGATE + 1;
      }
      if (next <= Character.MAX_CODE_POINT) {
        points[i] = next;
        return new String(points, 0, i + 1).getBytes(StandardCharsets.UTF_8);
      }
    }
    return null;
  }
}
