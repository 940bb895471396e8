package io.meshwork.internal.rows;

import io.meshwork.internal.text.UnicodeText;
import io.meshwork.internal.vector.BytesVector;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Encodes ASCII strings of successive rows at once: the JDK copies the chars of each, and encodes
 * all of them, by instructions for many chars. Not thread-safe.
 */
final class TextRun {
  /** The most chars of all strings of a run. */
  private static final int MAX_CHARS = 8 << 10;

  /** The number of runs to skip after a run with other than Latin characters. */
  private static final int RUNS_TO_SKIP = 32;

  private final CharsetEncoder encoder = StandardCharsets.ISO_8859_1.newEncoder();
  private char[] chars = {};
  private int skipped;

  /**
   * Appends strings.
   *
   * @return false, if nothing is appended: the values are not all strings, are long, or have other
   *     characters
   */
  boolean append(Object[] values, int count, BytesVector vector) {
    if (skipped > 0) {
      skipped--;
      return false;
    }
    int length = length(values, count);
    if (length < 0 || !encode(values, count, length, vector)) {
      skipped = RUNS_TO_SKIP;
      return false;
    }
    vector.extendedAscii(count);
    return true;
  }

  /** Returns the number of chars; -1 if there are too many, or a value is not a string. */
  private static int length(Object[] values, int count) {
    int length = 0;
    for (int i = 0; i < count; i++) {
      if (!(values[i] instanceof String text) || text.length() > MAX_CHARS - length) {
        return -1;
      }
      length += text.length();
    }
    return length;
  }

  private boolean encode(Object[] values, int count, int length, BytesVector vector) {
    if (chars.length < length) {
      chars = new char[MAX_CHARS];
    }
    int[] offsets = vector.ensureCapacity(count);
    int at = vector.reserve(length);
    int row = vector.size();
    int end = 0;
    for (int i = 0; i < count; i++) {
      String text = (String) values[i];
      text.getChars(0, text.length(), chars, end);
      end += text.length();
      offsets[row + i + 1] = at + end;
    }
    byte[] data = vector.data();
    encoder.reset();
    return !encoder
            .encode(CharBuffer.wrap(chars, 0, length), ByteBuffer.wrap(data, at, length), true)
            .isError()
        && UnicodeText.isAscii(data, at, length);
  }
}
