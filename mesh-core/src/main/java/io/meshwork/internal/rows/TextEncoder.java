package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.BytesVector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes text as UTF-8 into a vector, refusing what is no Unicode. */
final class TextEncoder {
  /** Most bytes of one value: 16 MiB. */
  static final int LIMIT = 16 << 20;

  /** The answer for a value that was added. */
  static final int ADDED = -1;

  /** The answer for a value larger than {@link #LIMIT}. */
  static final int TOO_LARGE = -2;

  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long QUESTION_MARKS = '?' * LOW_BITS;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private TextEncoder() {}

  /**
   * Adds a text.
   *
   * @return {@link #ADDED}, or, with nothing added, {@link #TOO_LARGE} or the offset in chars of
   *     the first surrogate without its other half
   */
  static int append(String text, BytesVector vector) {
    if (text.length() > LIMIT) {
      return TOO_LARGE;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    // The JDK writes a question mark for a lone surrogate, so only texts with one need a look.
    if (hasQuestionMark(bytes)) {
      int lone = loneSurrogateAt(text);
      if (lone >= 0) {
        return lone;
      }
    }
    if (bytes.length > LIMIT) {
      return TOO_LARGE;
    }
    vector.append(bytes);
    return ADDED;
  }

  private static boolean hasQuestionMark(byte[] bytes) {
    int i = 0;
    for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
      // Eight bytes at once: where a mark was, the byte is now zero and borrows its high bit.
      long differing = (long) LONGS.get(bytes, i) ^ QUESTION_MARKS;
      if (((differing - LOW_BITS) & ~differing & HIGH_BITS) != 0) {
        return true;
      }
    }
    for (; i < bytes.length; i++) {
      if (bytes[i] == '?') {
        return true;
      }
    }
    return false;
  }

  private static int loneSurrogateAt(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isHighSurrogate(text.charAt(i))
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
