package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.Rule;
import java.math.BigDecimal;
import java.util.OptionalDouble;

/**
 * What one rule on the whole of a publish measured. Immutable.
 *
 * @param outcome how the rule ended
 * @param measure the number; empty if there is none, or it is no finite one
 * @param reason why it ended so, in half a sentence without field values of single rows; may be
 *     empty if it passed
 */
record Measured(Outcome outcome, OptionalDouble measure, String reason) {
  /** A number that passes if it lies between the rule's ends, both included. */
  static Measured of(Rule rule, BigDecimal measure, String reason) {
    boolean inside =
        (!(rule.low() instanceof Number low) || measure.compareTo(exact(low)) >= 0)
            && (!(rule.high() instanceof Number high) || measure.compareTo(exact(high)) <= 0);
    return of(inside, OptionalDouble.of(measure.doubleValue()), reason);
  }

  /** The same of a double, which is compared with the doubles next to the ends; NaN is outside. */
  static Measured of(Rule rule, double measure, String reason) {
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

  private static Measured of(boolean inside, OptionalDouble measure, String reason) {
    return new Measured(inside ? Outcome.PASS : Outcome.FAIL, measure, reason);
  }

  /** Nothing to judge; the rule does not count. */
  static Measured skipped(String reason) {
    return new Measured(Outcome.SKIPPED, OptionalDouble.empty(), reason);
  }

  /** It could not be judged, which fails a rule of severity ERROR. */
  static Measured notEvaluated(String reason) {
    return new Measured(Outcome.NOT_EVALUATED, OptionalDouble.empty(), reason);
  }

  private static BigDecimal exact(Number number) {
    return number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(number.longValue());
  }
}
