package io.meshwork.internal.rows;

import io.meshwork.internal.vector.BytesVector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.util.Utf8;

/** Converts the canonical text of UUIDs, in either case, to their 16 bytes. Stateless. */
final class UuidText {
  private static final int LENGTH = 36;
  private static final int BYTES = 16;

  /** The value of each hexadecimal digit by its character; -1 for others. */
  private static final byte[] DIGITS = digits();

  private UuidText() {}

  /** Appends a text; returns false, and appends nothing, if it is not a UUID's. */
  static boolean append(String text, BytesVector vector) {
    return text.length() == LENGTH
        && append(text.getBytes(StandardCharsets.ISO_8859_1), text, vector);
  }

  /** As {@link #append(String, BytesVector)}. */
  static boolean append(Utf8 text, BytesVector vector) {
    return text.getByteLength() == LENGTH && append(text.getBytes(), vector);
  }

  private static boolean append(byte[] bytes, String text, BytesVector vector) {
    // The JDK replaces what is not Latin-1 by a question mark, which is refused as well.
    return bytes.length == text.length() && append(bytes, vector);
  }

  private static boolean append(byte[] text, BytesVector vector) {
    if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') {
      return false;
    }
    int at = vector.reserve(BYTES);
    byte[] data = vector.data();
    int invalid = 0;
    int from = 0;
    for (int i = 0; i < BYTES; i++) {
      from += i == 4 || i == 6 || i == 8 || i == 10 ? 1 : 0; // a hyphen
      int high = DIGITS[text[from] & 0xFF];
      int low = DIGITS[text[from + 1] & 0xFF];
      invalid |= high | low;
      data[at + i] = (byte) ((high << 4) | low);
      from += 2;
    }
    if (invalid < 0) {
      return false;
    }
    vector.commit(BYTES);
    return true;
  }

  private static byte[] digits() {
    byte[] digits = new byte[256];
    Arrays.fill(digits, (byte) -1);
    for (int digit = 0; digit < 16; digit++) {
      digits[Character.forDigit(digit, 16)] = (byte) digit;
      digits[Character.toUpperCase(Character.forDigit(digit, 16))] = (byte) digit;
    }
    return digits;
  }
}
