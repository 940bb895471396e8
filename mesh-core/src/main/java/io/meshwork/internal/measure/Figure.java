package io.meshwork.internal.measure;

import java.math.BigDecimal;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a measure came to. Immutable.
 *
 * @param value BigDecimal where it is exact or rounded to 40 digits, Integer or Long in the unit of
 *     the column for times, Double of floating numbers; null if there is none
 * @param gap why it could not be told; empty if it could, or if there was nothing to measure
 * @param nanCount how many values were left out since they are NaN
 */
public record Figure(@Nullable Object value, String gap, long nanCount) {
  /** A number. */
  static Figure of(Object value, long nanCount) {
    return new Figure(value, "", nanCount);
  }

  /** There was nothing to measure. */
  public static Figure nothing(long nanCount) {
    return new Figure(null, "", nanCount);
  }

  /** It cannot be told, for a reason without a value of a field in it. */
  public static Figure unknown(String why) {
    return new Figure(null, why, 0);
  }

  /** True if nothing could be measured, as in the mean of no value. */
  public boolean isNothing() {
    return value == null && gap.isEmpty();
  }

  /** The number as people see it; empty if there is none. */
  public OptionalDouble asDouble() {
    return value == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(((Number) value).doubleValue());
  }

  /**
   * True if it lies within a range, both ends included. Floating numbers compare with the double
   * that is nearest to an end; NaN lies in no range.
   *
   * @param low null for an open end
   * @param high null for an open end
   * @throws IllegalStateException if there is no number
   */
  public boolean isWithin(@Nullable BigDecimal low, @Nullable BigDecimal high) {
    if (value == null) {
      throw new IllegalStateException("nothing was measured");
    }
    if (value instanceof Double number) {
      return !number.isNaN()
          && (low == null || number >= low.doubleValue())
          && (high == null || number <= high.doubleValue());
    }
    BigDecimal exact = exact(value);
    return (low == null || exact.compareTo(low) >= 0)
        && (high == null || exact.compareTo(high) <= 0);
  }

  private static BigDecimal exact(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    return BigDecimal.valueOf(((Number) value).longValue());
  }
}
