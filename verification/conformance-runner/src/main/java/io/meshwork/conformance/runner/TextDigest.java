package io.meshwork.conformance.runner;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Digests text by SHA-256, as it is appended. Not thread-safe. */
final class TextDigest {
  private static final VarHandle PAIR =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final short[] HEX = pairs(16);
  private static final short[] DECIMAL = pairs(10);
  private static final int LONGEST_NUMBER = 20;

  private final MessageDigest digest;
  private final byte[] buffer = new byte[64 << 10];
  private final byte[] digits = new byte[LONGEST_NUMBER + 1];
  private final LongConsumer text;
  private int size;

  /**
   * Creates a digest.
   *
   * @param text gets how many bytes were appended, from time to time; may throw
   */
  TextDigest(LongConsumer text) {
    this.text = text;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the two digits of each number below the square of the radix. */
  private static short[] pairs(int radix) {
    short[] pairs = new short[radix * radix];
    for (int i = 0; i < pairs.length; i++) {
      char high = Character.forDigit(i / radix, radix);
      char low = Character.forDigit(i % radix, radix);
      pairs[i] = (short) (high << 8 | low);
    }
    return pairs;
  }

  /** Appends an ASCII character. */
  void append(char ascii) {
    ensure(1);
    buffer[size++] = (byte) ascii;
  }

  /** Appends ASCII text, which is short. */
  void append(String ascii) {
    ensure(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      buffer[size++] = (byte) ascii.charAt(i);
    }
  }

  /** Appends bytes. */
  void append(byte[] bytes, int from, int length) {
    if (length > buffer.length) {
      flush();
      text.accept(length);
      digest.update(bytes, from, length);
      return;
    }
    ensure(length);
    System.arraycopy(bytes, from, buffer, size, length);
    size += length;
  }

  /** Appends the decimal digits of a signed number. */
  void append(long number) {
    ensure(LONGEST_NUMBER);
    int at = digits.length;
    // Negative: the least long has no positive counterpart.
    long remaining = number > 0 ? -number : number;
    while (remaining <= -10) {
      long rest = remaining / 100;
      at -= 2;
      PAIR.set(digits, at, DECIMAL[(int) (rest * 100 - remaining)]);
      remaining = rest;
    }
    if (remaining < 0 || number == 0) {
      digits[--at] = (byte) ('0' - remaining);
    }
    if (number < 0) {
      digits[--at] = '-';
    }
    System.arraycopy(digits, at, buffer, size, digits.length - at);
    size += digits.length - at;
  }

  /** Appends a decimal with exactly this many digits after the point, of any number. */
  void appendDecimal(long unscaled, int scale) {
    if (scale == 0) {
      append(unscaled);
      return;
    }
    if (unscaled < 0) {
      append('-');
    }
    // Unsigned: the least long has no positive counterpart.
    String all = Long.toUnsignedString(unscaled < 0 ? -unscaled : unscaled);
    int whole = Math.max(0, all.length() - scale);
    ensure(all.length() + scale + 2);
    if (whole == 0) {
      buffer[size++] = '0';
    }
    for (int i = 0; i < whole; i++) {
      buffer[size++] = (byte) all.charAt(i);
    }
    buffer[size++] = '.';
    for (int i = all.length(); i < scale; i++) {
      buffer[size++] = '0';
    }
    for (int i = whole; i < all.length(); i++) {
      buffer[size++] = (byte) all.charAt(i);
    }
  }

  /** States that a value took as long as digesting so many bytes. */
  void takeTime(long bytes) {
    text.accept(bytes);
  }

  /** Appends the lowest bytes of a word, this many, in hexadecimal digits. */
  void appendHex(long bits, int bytes) {
    ensure(2 * bytes);
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      PAIR.set(buffer, size, HEX[(int) (bits >>> shift) & 0xFF]);
      size += 2;
    }
  }

  /** Returns the digest of everything that was appended, in hexadecimal, and starts again. */
  String finish() {
    flush();
    return HexFormat.of().formatHex(digest.digest());
  }

  private void ensure(int count) {
    if (count > buffer.length - size) {
      flush();
    }
  }

  private void flush() {
    text.accept(size);
    digest.update(buffer, 0, size);
    size = 0;
  }
}
