package io.meshwork.internal.measure;

import java.util.Arrays;
import java.util.List;

/**
 * Whether a number lies where the earlier ones lie: within some robust deviations of their median.
 * The deviation is 1.4826 times the median distance from the median, which for a normal
 * distribution is the standard deviation and does not follow outliers.
 */
public final class Steadiness {
  /** With fewer earlier numbers than this nothing is said. */
  public static final int LEAST_HISTORY = 5;

  private static final double NORMAL = 1.4826;

  private Steadiness() {}

  /** What the earlier numbers say of one more. */
  public enum Verdict {
    /** It lies within. */
    STEADY,
    /** It lies outside. */
    UNSTEADY,
    /** There are too few, or all are the same and this one too. */
    NOT_ENOUGH_HISTORY
  }

  /**
   * What is allowed of the next number, both ends included.
   *
   * @param median of the earlier numbers
   * @param deviation the robust deviation from it; 0 if most of them are the same
   * @param low the least number
   * @param high the greatest number
   */
  public record Range(double median, double deviation, double low, double high) {
    /** What some earlier numbers allow, one at least. */
    public static Range of(List<Double> earlier, double deviations) {
      double median = Steadiness.median(earlier.stream().mapToDouble(one -> one).toArray());
      double deviation =
          NORMAL
              * Steadiness.median(
                  earlier.stream().mapToDouble(one -> Math.abs(one - median)).toArray());
      return new Range(
          median, deviation, median - deviations * deviation, median + deviations * deviation);
    }
  }

  /**
   * Judges a number.
   *
   * @param earlier the numbers before it, in any order
   * @param deviations how many robust deviations off it may lie
   */
  public static Verdict of(double value, List<Double> earlier, double deviations) {
    if (earlier.size() < LEAST_HISTORY) {
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
