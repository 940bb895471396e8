package io.meshwork.internal.columnar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The unsigned order of byte strings, and limits of it that are shorter than the values. */
final class ByteOrdering {
  private static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private ByteOrdering() {}

  /**
   * The first eight bytes as one number, filled up with zeros. Unsigned, it is ordered as the byte
   * strings are; equal numbers do not tell.
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

  /** The last place at or before {@code limit}, which lies inside, where a character ends. */
  static int characterEnd(byte[] utf8, int limit) {
    int end = limit;
    while (end > 0 && (utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return end == 0 ? limit : end;
  }

  /** The least byte string of this length above all that begin so; null if there is none. */
  static byte @Nullable [] raise(byte[] bytes) {
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] != (byte) 0xFF) {
        byte[] raised = Arrays.copyOf(bytes, i + 1);
        raised[i]++;
        return raised;
      }
    }
    return null;
  }

  /**
   * A text of at most {@code limit} bytes above all that begin as this longer one does; null if
   * there is none. What is no UTF-8 is raised as bytes.
   */
  static byte @Nullable [] raiseText(byte[] utf8, int limit) {
    // One byte less, because the next code point may need one more.
    int end = characterEnd(utf8, limit - 1);
    CharBuffer characters;
    try {
      characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8, 0, end));
    } catch (CharacterCodingException e) {
      return raise(Arrays.copyOf(utf8, limit));
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
