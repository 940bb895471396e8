package io.meshwork.internal.quality;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * An exact sum, independent of the order of its summands: a fixed-point number wide enough for the
 * value range, in 32-bit digits with deferred carries. Not thread-safe.
 */
final class ExactSum {
  private static final int DIGIT = 32;
  private static final long DIGIT_MASK = (1L << DIGIT) - 1;

  /** The exponent of the smallest double. */
  private static final int MIN_DOUBLE_EXPONENT = -1074;

  private static final int BITS_OF_DOUBLES = 2_098;
  private static final int BITS_OF_LONGS = 64;
  private static final int BITS_OF_DECIMALS = 128;

  /** Extra bits for the number of summands. */
  private static final int BITS_OF_COUNT = 64;

  /** A word grows by less than 2^34 per addition and holds 2^63. */
  private static final int ADDITIONS_BETWEEN_CARRIES = 1 << 28;

  private static final int MANTISSA_BITS = 52;
  private static final long MANTISSA = (1L << MANTISSA_BITS) - 1;
  private static final int EXPONENT = 0x7FF;

  private final long[] words;
  private final int least;
  private int additions;

  private ExactSum(int least, int bits) {
    this.least = least;
    this.words = new long[(bits + BITS_OF_COUNT) / DIGIT + 2];
  }

  /** Creates a sum of finite doubles. */
  static ExactSum ofDoubles() {
    return new ExactSum(MIN_DOUBLE_EXPONENT, BITS_OF_DOUBLES);
  }

  /** Creates a sum of squares of doubles. */
  static ExactSum ofSquaredDoubles() {
    return new ExactSum(2 * MIN_DOUBLE_EXPONENT, 2 * BITS_OF_DOUBLES);
  }

  /** Creates a sum of longs, their squares, 16-byte decimals, and their squares. */
  static ExactSum ofWholes() {
    return new ExactSum(0, 2 * BITS_OF_DECIMALS);
  }

  void add(double value) {
    long bits = Double.doubleToRawLongBits(value);
    add(mantissa(bits), exponent(bits) - least, value < 0);
    carryNowAndThen();
  }

  void addSquare(double value) {
    long bits = Double.doubleToRawLongBits(value);
    long mantissa = mantissa(bits);
    addSquare(mantissa, 2 * exponent(bits) - least);
  }

  void add(long value) {
    add(Math.abs(value), 0, value < 0);
    carryNowAndThen();
  }

  void addSquare(long value) {
    addSquare(value, 0);
  }

  void add(BigInteger value) {
    BigInteger magnitude = value.abs();
    for (int at = 0; at < magnitude.bitLength(); at += BITS_OF_LONGS) {
      add(magnitude.shiftRight(at).longValue(), at, value.signum() < 0);
    }
    carryNowAndThen();
  }

  /** Returns the digits, from the least. */
  long[] digits() {
    carry();
    return words.clone();
  }

  /** Adds the digits of another sum of the same kind. */
  void add(long[] digits) {
    carry();
    for (int i = 0; i < words.length; i++) {
      words[i] += digits[i];
    }
    carry();
  }

  BigDecimal value() {
    carry();
    BigInteger whole = BigInteger.ZERO;
    for (int i = words.length - 1; i >= 0; i--) {
      whole = whole.shiftLeft(DIGIT).add(BigInteger.valueOf(words[i]));
    }
    if (whole.signum() == 0) {
      return BigDecimal.ZERO;
    }
    int zeros = whole.getLowestSetBit();
    int exponent = least + zeros;
    BigInteger odd = whole.shiftRight(zeros);
    return exponent >= 0
        ? new BigDecimal(odd.shiftLeft(exponent))
        : new BigDecimal(odd.multiply(BigInteger.valueOf(5).pow(-exponent)), -exponent);
  }

  private static long mantissa(long bits) {
    boolean subnormal = (bits >>> MANTISSA_BITS & EXPONENT) == 0;
    return subnormal ? bits & MANTISSA : (bits & MANTISSA) | (MANTISSA + 1);
  }

  private static int exponent(long bits) {
    return Math.max(1, (int) (bits >>> MANTISSA_BITS & EXPONENT)) - 1 + MIN_DOUBLE_EXPONENT;
  }

  private void addSquare(long factor, int at) {
    add(factor * factor, at, false);
    add(Math.multiplyHigh(factor, factor), at + BITS_OF_LONGS, false);
    carryNowAndThen();
  }

  /** Adds an unsigned 64-bit number at a bit position. */
  private void add(long magnitude, int at, boolean negative) {
    int word = at / DIGIT;
    int shift = at % DIGIT;
    long low = magnitude << shift;
    long high = shift == 0 ? 0 : magnitude >>> (BITS_OF_LONGS - shift);
    if (negative) {
      words[word] -= low & DIGIT_MASK;
      words[word + 1] -= low >>> DIGIT;
      words[word + 2] -= high;
    } else {
      words[word] += low & DIGIT_MASK;
      words[word + 1] += low >>> DIGIT;
      words[word + 2] += high;
    }
  }

  private void carryNowAndThen() {
    if (++additions == ADDITIONS_BETWEEN_CARRIES) {
      carry();
    }
  }

  private void carry() {
    for (int i = 0; i < words.length - 1; i++) {
      words[i + 1] += words[i] >> DIGIT;
      words[i] &= DIGIT_MASK;
    }
    additions = 0;
  }
}
