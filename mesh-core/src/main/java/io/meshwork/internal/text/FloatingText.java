package io.meshwork.internal.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.Predicate;

/**
 * The text of floating-point numbers, the same on each version of Java: before Java 19, {@link
 * Double#toString} prints more digits of some numbers than denote them. Stateless.
 */
public final class FloatingText {
  /** As {@link Double#toString} of Java 19, which prefers the nearer of two digits to one. */
  private static final int LEAST_DIGITS = 2;

  private static final int LEAST_PLAIN = -3;
  private static final int MOST_PLAIN = 6;

  private FloatingText() {}

  /** Returns the text of a double, in the form of {@link Double#toString}. */
  public static String of(double number) {
    return isDecimal(number)
        ? text(decimal(number, each -> each.doubleValue() == number))
        : Double.toString(number);
  }

  /** Returns the text of a float, in the form of {@link Float#toString}. */
  public static String of(float number) {
    return isDecimal(number)
        ? text(decimal(number, each -> each.floatValue() == number))
        : Float.toString(number);
  }

  /** Returns the text of a number of any type, as above if it is a double or a float. */
  public static String of(Number number) {
    if (number instanceof Double value) {
      return of(value.doubleValue());
    }
    return number instanceof Float value ? of(value.floatValue()) : number.toString();
  }

  /** False for 0, which has a sign, NaN, and infinities. */
  private static boolean isDecimal(double number) {
    return Double.isFinite(number) && number != 0;
  }

  /** Returns the decimal with the fewest digits that is read as the number. */
  private static BigDecimal decimal(double number, Predicate<BigDecimal> isRead) {
    BigDecimal exact = new BigDecimal(number);
    int digits = LEAST_DIGITS;
    BigDecimal rounded = exact.round(new MathContext(digits));
    while (!isRead.test(rounded)) {
      digits++;
      rounded = exact.round(new MathContext(digits));
    }
    return rounded;
  }

  private static String text(BigDecimal number) {
    BigDecimal shortest = number.stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (LEAST_PLAIN <= exponent && exponent <= MOST_PLAIN) {
      return shortest.setScale(Math.max(1, shortest.scale())).toPlainString();
    }
    String text =
        shortest
            .movePointLeft(exponent)
            .setScale(Math.max(1, shortest.precision() - 1))
            .toPlainString();
    return text + "E" + exponent;
  }
}
