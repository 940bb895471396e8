package io.meshwork.internal.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks that text is well-formed Unicode. Other text cannot be stored: in UTF-8 each lone
 * surrogate becomes a question mark, so that different strings become equal. UTF-8 is validated as
 * the Unicode standard defines it: shortest form, no surrogates.
 */
public final class UnicodeText {
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private UnicodeText() {}

  /** Returns the offset in chars of the first lone surrogate; -1 if there is none. */
  public static int loneSurrogateAt(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (!Character.isHighSurrogate(c)
          || i + 1 == text.length()
          || !Character.isLowSurrogate(text.charAt(i + 1))) {
        return i;
      }
      i++;
    }
    return -1;
  }

  /** Returns why a string with a lone surrogate is rejected, as a clause. */
  public static String fault(int position) {
    return "has a lone surrogate at position " + position;
  }

  /** Returns true if all of these bytes are ASCII. */
  public static boolean isAscii(byte[] bytes, int start, int length) {
    int end = start + length;
    int i = start;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      if (((long) LONGS.get(bytes, i) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; i < end; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the offset of the first malformed byte of UTF-8 from the start; -1 if all are valid.
   */
  public static int malformedAt(byte[] bytes, int start, int length) {
    int end = start + length;
    int i = start;
    while (i < end) {
      int lead = bytes[i];
      if (lead >= 0) {
        i++;
        continue;
      }
      lead &= 0xff;
      int following;
      int least = 0x80;
      int most = 0xbf;
      if (lead >= 0xc2 && lead <= 0xdf) {
        following = 1;
      } else if (lead >= 0xe0 && lead <= 0xef) {
        following = 2;
        least = lead == 0xe0 ? 0xa0 : 0x80;
        most = lead == 0xed ? 0x9f : 0xbf;
      } else if (lead >= 0xf0 && lead <= 0xf4) {
        following = 3;
        least = lead == 0xf0 ? 0x90 : 0x80;
        most = lead == 0xf4 ? 0x8f : 0xbf;
      } else {
        return i - start;
      }
      if (i + following >= end) {
        return i - start;
      }
      for (int k = 1; k <= following; k++) {
        int next = bytes[i + k] & 0xff;
        if (next < least || next > most) {
          return i - start;
        }
        least = 0x80;
        most = 0xbf;
      }
      i += following + 1;
    }
    return -1;
  }
}
