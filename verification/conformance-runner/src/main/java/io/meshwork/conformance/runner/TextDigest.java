package io.meshwork.conformance.runner;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests text by SHA-256, as it is appended. Not thread-safe. */
final class TextDigest {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_NUMBER = 20;

  private final MessageDigest digest;
  private final byte[] buffer = new byte[64 << 10];
  private final byte[] digits = new byte[LONGEST_NUMBER];
  private int size;

  TextDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
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
    long left = number;
    do {
      // Negative remainders: the least long has no positive counterpart.
      digits[--at] = (byte) ('0' + Math.abs((int) (left % 10)));
      left /= 10;
    } while (left != 0);
    if (number < 0) {
      digits[--at] = '-';
    }
    System.arraycopy(digits, at, buffer, size, digits.length - at);
    size += digits.length - at;
  }

  /** Appends the lowest bits of a word as this many hexadecimal digits. */
  void appendHex(long bits, int count) {
    ensure(count);
    for (int shift = 4 * (count - 1); shift >= 0; shift -= 4) {
      buffer[size++] = HEX[(int) (bits >>> shift) & 0xF];
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
    digest.update(buffer, 0, size);
    size = 0;
  }
}
