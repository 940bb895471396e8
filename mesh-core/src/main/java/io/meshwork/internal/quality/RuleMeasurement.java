package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.Rule;
import java.math.BigDecimal;
import java.util.OptionalDouble;

/**
 * The measurement of one dataset rule. Immutable.
 *
 * @param outcome the outcome of the rule
 * @param measure the measured value; empty if there is none, or if it is not finite
 * @param reason the reason for the outcome, as a clause without field values of single rows; may be
 *     empty if the rule passed
 */
record RuleMeasurement(Outcome outcome, OptionalDouble measure, String reason) {
  /** Returns a measurement that passes if it is within the rule's range, inclusive. */
  static RuleMeasurement of(Rule rule, BigDecimal measure, String reason) {
    boolean inside =
        (!(rule.low() instanceof Number low) || measure.compareTo(exact(low)) >= 0)
            && (!(rule.high() instanceof Number high) || measure.compareTo(exact(high)) <= 0);
    return of(inside, OptionalDouble.of(measure.doubleValue()), reason);
  }

  /**
   * Returns a measurement that is compared with the doubles nearest to the range's ends; NaN is
   * outside.
   */
  static RuleMeasurement of(Rule rule, double measure, String reason) {
    boolean inside =
        (rule.low() instanceof Number low ? measure >= low.doubleValue() : !Double.isNaN(measure))
            && (rule.high() instanceof Number high
                ? measure <= high.doubleValue()
                : !Double.isNaN(measure));
    return of(
        inside,
        Double.isFinite(measure) ? OptionalDouble.of(measure) : OptionalDouble.empty(),
        reason);
  }

  private static RuleMeasurement of(boolean inside, OptionalDouble measure, String reason) {
    return new RuleMeasurement(inside ? Outcome.PASS : Outcome.FAIL, measure, reason);
  }

  /** Returns the measurement of a rule that applies to no row; it does not count. */
  static RuleMeasurement skipped(String reason) {
    return new RuleMeasurement(Outcome.SKIPPED, OptionalDouble.empty(), reason);
  }

  /**
   * Returns the measurement of a rule that could not be evaluated, which fails a rule of severity
   * ERROR.
   */
  static RuleMeasurement notEvaluated(String reason) {
    return new RuleMeasurement(Outcome.NOT_EVALUATED, OptionalDouble.empty(), reason);
  }

  private static BigDecimal exact(Number number) {
    return number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(number.longValue());
  }
}
