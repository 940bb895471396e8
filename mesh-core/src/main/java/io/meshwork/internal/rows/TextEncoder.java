package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.BytesVector;

/** Writes text as UTF-8 straight into a vector, refusing what is no Unicode. */
final class TextEncoder {
  /** Most bytes of one value: 16 MiB. */
  static final int LIMIT = 16 << 20;

  /** The answer for a value that was added. */
  static final int ADDED = -1;

  /** The answer for a value larger than {@link #LIMIT}. */
  static final int TOO_LARGE = -2;

  /** Up to this length the worst case is reserved, without a first pass over the text. */
  private static final int SHORT = 4_096;

  private TextEncoder() {}

  /**
   * Adds a text.
   *
   * @return {@link #ADDED}, or, with nothing added, {@link #TOO_LARGE} or the offset in chars of
   *     the first surrogate without its other half
   */
  static int append(String text, BytesVector vector) {
    int length = text.length();
    int room = length * 3;
    if (length > SHORT) {
      if (length > LIMIT) {
        return TOO_LARGE;
      }
      room = encodedLength(text);
      if (room < 0) {
        return ~room;
      }
      if (room > LIMIT) {
        return TOO_LARGE;
      }
    }
    int start = vector.reserve(room);
    int end = encode(text, vector.data(), start);
    if (end < 0) {
      return ~end;
    }
    vector.commit(end - start);
    return ADDED;
  }

  /** Where the bytes stop being UTF-8; -1 if they are. */
  static int malformedAt(byte[] bytes, int length) {
    int i = 0;
    while (i < length) {
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
        return i;
      }
      if (i + following >= length) {
        return i;
      }
      for (int k = 1; k <= following; k++) {
        int next = bytes[i + k] & 0xff;
        if (next < least || next > most) {
          return i;
        }
        least = 0x80;
        most = 0xbf;
      }
      i += following + 1;
    }
    return -1;
  }

  /** Bytes of a text, or the complement of the offset of a lone surrogate. */
  private static int encodedLength(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        length++;
      } else if (c < 0x800) {
        length += 2;
      } else if (!Character.isSurrogate(c)) {
        length += 3;
      } else if (isPair(text, i)) {
        length += 4;
        i++;
      } else {
        return ~i;
      }
    }
    return length;
  }

  /** Where the bytes end, or the complement of the offset of a lone surrogate. */
  private static int encode(String text, byte[] out, int start) {
    int at = start;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out[at++] = (byte) c;
      } else if (c < 0x800) {
        out[at++] = (byte) (0xc0 | (c >> 6));
        out[at++] = (byte) (0x80 | (c & 0x3f));
      } else if (!Character.isSurrogate(c)) {
        out[at++] = (byte) (0xe0 | (c >> 12));
        out[at++] = (byte) (0x80 | ((c >> 6) & 0x3f));
        out[at++] = (byte) (0x80 | (c & 0x3f));
      } else if (isPair(text, i)) {
        int point = Character.toCodePoint(c, text.charAt(++i));
        out[at++] = (byte) (0xf0 | (point >> 18));
        out[at++] = (byte) (0x80 | ((point >> 12) & 0x3f));
        out[at++] = (byte) (0x80 | ((point >> 6) & 0x3f));
        out[at++] = (byte) (0x80 | (point & 0x3f));
      } else {
        return ~i;
      }
    }
    return at;
  }

  private static boolean isPair(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1));
  }
}
