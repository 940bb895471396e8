package io.meshwork.internal.predicate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;

/**
 * Converts decimal literals to floating-point values, the same on each version of Java, which print
 * different digits. A literal denotes the nearest float or double if it is a usual notation of that
 * number: it has at most 18 digits, and differs from the number by less than one in its last digit,
 * such as 0.1. Any other literal equals no value of the type; as a bound of a range it is compared
 * exactly, through its two neighbors. Stateless.
 */
public final class FloatingLiteral {
  /** The most digits that a version of Java prints of a double. */
  private static final int MAX_DIGITS = 18;

  private FloatingLiteral() {}

  /**
   * Returns the number that the literal denotes; a float as the equal double.
   *
   * @param narrow true for a column of floats
   * @return empty if no value of the type equals the literal
   */
  public static OptionalDouble exact(BigDecimal literal, boolean narrow) {
    double nearest = nearest(literal, narrow);
    return denotes(literal, nearest) ? OptionalDouble.of(nearest) : OptionalDouble.empty();
  }

  /** Returns the least number of the type that is not below the literal; may be infinite. */
  public static double ceiling(BigDecimal literal, boolean narrow) {
    double nearest = nearest(literal, narrow);
    return denotes(literal, nearest) || order(nearest, literal) >= 0
        ? nearest
        : above(nearest, narrow);
  }

  /** Returns the greatest number of the type that is not above the literal; may be infinite. */
  public static double floor(BigDecimal literal, boolean narrow) {
    double nearest = nearest(literal, narrow);
    return denotes(literal, nearest) || order(nearest, literal) <= 0
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

  private static boolean denotes(BigDecimal literal, double nearest) {
    if (Double.isInfinite(nearest)) {
      return false;
    }
    BigDecimal shortest = literal.stripTrailingZeros();
    BigDecimal error = new BigDecimal(nearest).subtract(literal);
    return error.signum() == 0
        || (shortest.precision() <= MAX_DIGITS && error.abs().compareTo(shortest.ulp()) < 0);
  }

  /** Compares a number with the literal; infinities are beyond all literals. */
  private static int order(double number, BigDecimal literal) {
    if (Double.isInfinite(number)) {
      return number > 0 ? 1 : -1;
    }
    return new BigDecimal(number, MathContext.UNLIMITED).compareTo(literal);
  }
}
