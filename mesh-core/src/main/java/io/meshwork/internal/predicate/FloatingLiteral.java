package io.meshwork.internal.predicate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;

/**
 * Converts decimal literals to floating-point values. A literal denotes the nearest float or double
 * if it is a usual notation of that number: it has no more digits than the type preserves, or it is
 * what Java prints, such as 0.1. Any other literal equals no value of the type; as a bound of a
 * range it is compared exactly, through its two neighbors. Stateless.
 */
public final class FloatingLiteral {
  /**
   * Decimals of up to this many digits survive a round trip through a float, and through a double.
   */
  private static final int DIGITS_OF_FLOAT = 6;

  private static final int DIGITS_OF_DOUBLE = 15;

  private FloatingLiteral() {}

  /**
   * Returns the number that the literal denotes; a float as the equal double.
   *
   * @param narrow true for a column of floats
   * @return empty if no value of the type equals the literal
   */
  public static OptionalDouble exact(BigDecimal literal, boolean narrow) {
    double nearest = nearest(literal, narrow);
    return denotes(literal, nearest, narrow) ? OptionalDouble.of(nearest) : OptionalDouble.empty();
  }

  /** Returns the least number of the type that is not below the literal; may be infinite. */
  public static double ceiling(BigDecimal literal, boolean narrow) {
    double nearest = nearest(literal, narrow);
    return denotes(literal, nearest, narrow) || order(nearest, literal) >= 0
        ? nearest
        : above(nearest, narrow);
  }

  /** Returns the greatest number of the type that is not above the literal; may be infinite. */
  public static double floor(BigDecimal literal, boolean narrow) {
    double nearest = nearest(literal, narrow);
    return denotes(literal, nearest, narrow) || order(nearest, literal) <= 0
        ? nearest
        : below(nearest, narrow);
  }

  /** Returns the next greater number of the type. */
  public static double above(double number, boolean narrow) {
    return narrow ? Math.nextUp((float) number) : Math.nextUp(number);
  }

  /** Returns the next lower number of the type. */
  public static double below(double number, boolean narrow) {
    return narrow ? Math.nextDown((float) number) : Math.nextDown(number);
  }

  private static double nearest(BigDecimal literal, boolean narrow) {
    return narrow ? literal.floatValue() : literal.doubleValue();
  }

  private static boolean denotes(BigDecimal literal, double nearest, boolean narrow) {
    if (Double.isInfinite(nearest)) {
      return false;
    }
    if (order(nearest, literal) == 0) {
      return true;
    }
    double magnitude = Math.abs(nearest);
    boolean normal = magnitude >= (narrow ? Float.MIN_NORMAL : Double.MIN_NORMAL);
    int digits = narrow ? DIGITS_OF_FLOAT : DIGITS_OF_DOUBLE;
    return (normal && literal.stripTrailingZeros().precision() <= digits)
        || isPrinted(literal, Double.toString(nearest))
        || (narrow && isPrinted(literal, Float.toString((float) nearest)));
  }

  private static boolean isPrinted(BigDecimal literal, String number) {
    return new BigDecimal(number).compareTo(literal) == 0;
  }

  /** Compares a number with the literal; infinities are beyond all literals. */
  private static int order(double number, BigDecimal literal) {
    if (Double.isInfinite(number)) {
      return number > 0 ? 1 : -1;
    }
    return new BigDecimal(number, MathContext.UNLIMITED).compareTo(literal);
  }
}
