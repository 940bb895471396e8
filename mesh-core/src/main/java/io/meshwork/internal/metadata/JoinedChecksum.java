package io.meshwork.internal.metadata;

import java.util.zip.CRC32;

/**
 * The CRC-32 of joined byte strings, from the checksums of each, so that a publish does not read
 * all text that it copies.
 *
 * <p>A CRC-32 is the remainder of a polynomial over GF(2); the highest bit of an {@code int} is the
 * coefficient of x<sup>0</sup>. A string of n bytes after another multiplies the remainder of the
 * first by x<sup>8n</sup>.
 */
final class JoinedChecksum {
  /** The polynomial of RFC 1952 without x<sup>32</sup>. */
  private static final int DIVISOR = 0xedb88320;

  private static final int ONE = 1 << 31;

  /** The remainder of x<sup>8</sup>. */
  private static final int BYTE = 1 << 23;

  private JoinedChecksum() {}

  /** The checksum of a byte string. */
  static int of(byte[] text) {
    CRC32 checksum = new CRC32();
    checksum.update(text);
    return (int) checksum.getValue();
  }

  /**
   * The checksum of two byte strings, one after the other.
   *
   * @param length the number of bytes of the second
   */
  static int of(int first, int second, long length) {
    int shift = ONE;
    int power = BYTE; // of the lowest bit that remains
    for (long rest = length; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        shift = product(shift, power);
      }
      power = product(power, power);
    }
    return product(first, shift) ^ second;
  }

  /** The remainder of the product of two polynomials. */
  private static int product(int first, int second) {
    int product = 0;
    int multiple = second; // by the next power of x
    for (int coefficients = first; coefficients != 0; coefficients <<= 1) {
      product ^= multiple & (coefficients >> 31);
      multiple = (multiple >>> 1) ^ (DIVISOR & -(multiple & 1));
    }
    return product;
  }
}
