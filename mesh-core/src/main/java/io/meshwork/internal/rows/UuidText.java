package io.meshwork.internal.rows;

import io.meshwork.internal.vector.BytesVector;
import java.util.Arrays;
import org.apache.avro.util.Utf8;

/** Converts the canonical text of UUIDs, in either case, to their 16 bytes. Not thread-safe. */
final class UuidText {
  /** The number of chars of a UUID. */
  static final int LENGTH = 36;

  private static final int BYTES = 16;
  private static final int CHARS = 128;

  /** The value of each hexadecimal digit by its character; -1 for others. */
  private static final byte[] DIGITS = digits();

  private final char[] chars = new char[LENGTH];

  /** Appends a string; returns false, and appends nothing, if it is not a UUID. */
  boolean append(CharSequence text, BytesVector vector) {
    if (text instanceof Utf8 utf8) {
      if (utf8.getByteLength() != LENGTH) {
        return false;
      }
      read(utf8.getBytes());
      return append(vector);
    }
    String string = text.toString();
    if (string.length() != LENGTH) {
      return false;
    }
    string.getChars(0, LENGTH, chars, 0);
    return append(vector);
  }

  private void read(byte[] bytes) {
    for (int i = 0; i < LENGTH; i++) {
      chars[i] = (char) (bytes[i] & 0xFF);
    }
  }

  private boolean append(BytesVector vector) {
    if (chars[8] != '-' || chars[13] != '-' || chars[18] != '-' || chars[23] != '-') {
      return false;
    }
    int at = vector.reserve(BYTES);
    byte[] data = vector.data();
    int invalid = 0;
    int all = 0;
    int from = 0;
    for (int i = 0; i < BYTES; i++) {
      from += i == 4 || i == 6 || i == 8 || i == 10 ? 1 : 0; // a hyphen
      char first = chars[from];
      char second = chars[from + 1];
      int high = DIGITS[first & (CHARS - 1)];
      int low = DIGITS[second & (CHARS - 1)];
      all |= first | second;
      invalid |= high | low;
      data[at + i] = (byte) ((high << 4) | low);
      from += 2;
    }
    if (invalid < 0 || all >= CHARS) {
      return false;
    }
    vector.commit(BYTES);
    return true;
  }

  private static byte[] digits() {
    byte[] digits = new byte[CHARS];
    Arrays.fill(digits, (byte) -1);
    for (int digit = 0; digit < 16; digit++) {
      digits[Character.forDigit(digit, 16)] = (byte) digit;
      digits[Character.toUpperCase(Character.forDigit(digit, 16))] = (byte) digit;
    }
    return digits;
  }
}
