package io.meshwork.internal.quality;

import java.util.Arrays;
import java.util.List;

/**
 * Checks that a number is within some robust deviations of the median of earlier numbers. The
 * robust deviation is 1.4826 times the median absolute deviation (MAD), which equals the standard
 * deviation for a normal distribution and is insensitive to outliers.
 */
final class SteadinessCheck {
  /** The minimum number of earlier numbers for a result. */
  static final int MIN_HISTORY = 5;

  private static final double NORMAL = 1.4826;

  private SteadinessCheck() {}

  /** The result for a number. */
  enum Verdict {
    /** The number is within the range. */
    STEADY,
    /** The number is outside of the range. */
    UNSTEADY,
    /** There are too few earlier numbers, or all are equal, and this number equals them. */
    NOT_ENOUGH_HISTORY
  }

  /**
   * The range of the next number, inclusive.
   *
   * @param median median of the earlier numbers
   * @param deviation robust deviation; 0 if most of them are equal
   * @param low the minimum
   * @param high the maximum
   */
  record Range(double median, double deviation, double low, double high) {
    /** Returns the range for at least one earlier number. */
    static Range of(List<Double> earlier, double deviations) {
      double median = SteadinessCheck.median(earlier.stream().mapToDouble(one -> one).toArray());
      double deviation =
          NORMAL
              * SteadinessCheck.median(
                  earlier.stream().mapToDouble(one -> Math.abs(one - median)).toArray());
      return new Range(
          median, deviation, median - deviations * deviation, median + deviations * deviation);
    }
  }

  /**
   * Checks a number.
   *
   * @param earlier the earlier numbers, in any order
   * @param deviations the allowed distance in robust deviations
   */
  static Verdict of(double value, List<Double> earlier, double deviations) {
    if (earlier.size() < MIN_HISTORY) {
      return Verdict.NOT_ENOUGH_HISTORY;
    }
    double median = median(earlier.stream().mapToDouble(Double::doubleValue).toArray());
    double spread = median(earlier.stream().mapToDouble(one -> Math.abs(one - median)).toArray());
    if (spread == 0 && value == median) {
      return Verdict.NOT_ENOUGH_HISTORY;
    }
    return Math.abs(value - median) <= deviations * NORMAL * spread
        ? Verdict.STEADY
        : Verdict.UNSTEADY;
  }

  private static double median(double[] numbers) {
    Arrays.sort(numbers);
    int middle = numbers.length / 2;
    return numbers.length % 2 == 1
        ? numbers[middle]
        : numbers[middle - 1] + (numbers[middle] - numbers[middle - 1]) / 2;
  }
}
