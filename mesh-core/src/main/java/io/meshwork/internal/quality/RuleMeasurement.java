package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport.Outcome;
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
}
