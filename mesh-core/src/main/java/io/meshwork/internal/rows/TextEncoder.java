package io.meshwork.internal.rows;

import io.meshwork.internal.text.UnicodeText;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.Vector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Encodes text as UTF-8 into a vector and rejects invalid Unicode. */
final class TextEncoder {
  /** The maximum size of one value: 16 MiB. */
  static final int LIMIT = 16 << 20;

  /** The result for a value that was added. */
  static final int ADDED = -1;

  /** The result for a value larger than {@link #LIMIT}. */
  static final int TOO_LARGE = -2;

  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long QUESTION_MARKS = '?' * LOW_BITS;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private TextEncoder() {}

  /**
   * Appends a string to a vector of strings, with or without a dictionary.
   *
   * @return as {@link #append(String, BytesVector)}
   */
  static int append(String text, Vector.OfTexts vector) {
    boolean recognizable = vector.recognizes(text.length());
    if (recognizable && vector.appendRecognized(text)) {
      return ADDED;
    }
    int outcome = append(text, vector.entries());
    if (outcome == ADDED) {
      vector.appendEntry(recognizable ? text : null);
    }
    return outcome;
  }

  /**
   * Appends a string.
   *
   * @return {@link #ADDED}, or, if nothing is added, {@link #TOO_LARGE} or the offset in chars of
   *     the first lone surrogate
   */
  static int append(String text, BytesVector vector) {
    if (text.length() > LIMIT) {
      return TOO_LARGE;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    // The JDK encodes a lone surrogate as a question mark, so only strings with one are searched.
    if (hasQuestionMark(bytes)) {
      int loneSurrogate = UnicodeText.loneSurrogateAt(text);
      if (loneSurrogate >= 0) {
        return loneSurrogate;
      }
    }
    if (bytes.length > LIMIT) {
      return TOO_LARGE;
    }
    vector.append(bytes);
    return ADDED;
  }

  private static boolean hasQuestionMark(byte[] bytes) {
    int last = bytes.length - Long.BYTES;
    if (last < 0) {
      for (byte one : bytes) {
        if (one == '?') {
          return true;
        }
      }
      return false;
    }
    for (int i = 0; i < last; i += Long.BYTES) {
      if (hasQuestionMark((long) LONGS.get(bytes, i))) {
        return true;
      }
    }
    return hasQuestionMark((long) LONGS.get(bytes, last));
  }

  /** Compares eight bytes at once: a matching byte becomes zero and borrows its high bit. */
  private static boolean hasQuestionMark(long bytes) {
    long differing = bytes ^ QUESTION_MARKS;
    return ((differing - LOW_BITS) & ~differing & HIGH_BITS) != 0;
  }
}
