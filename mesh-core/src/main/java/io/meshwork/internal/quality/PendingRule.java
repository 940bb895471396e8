package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.DatasetCondition.Steady;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import io.meshwork.internal.quality.SteadinessCheck.Range;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.iceberg.Schema;

/**
 * A rule that cannot be evaluated on the rows of a publish alone: it needs the table after the
 * publish, or earlier publishes. Evaluated whenever these change. Not thread-safe.
 */
public final class PendingRule {
  static final String NOT_EVALUATED =
      "it was not evaluated, because the publish was rejected before";

  private final Rule rule;
  private final Schema schema;
  private final RowMeasure rows;
  private final Instant now;
  private final Function<RuleMeasurement, RuleResult> result;

  PendingRule(
      Rule rule,
      Schema schema,
      RowMeasure rows,
      Instant now,
      Function<RuleMeasurement, RuleResult> result) {
    this.rule = rule;
    this.schema = schema;
    this.rows = rows;
    this.now = now;
    this.result = result;
  }

  public Rule rule() {
    return rule;
  }

  /** Returns the measure of the publish's rows that the rule applies to. */
  public RowMeasure rows() {
    return rows;
  }

  /** Returns the result for a measured value of the rule's scope. */
  public RuleResult result(MeasuredValue figure) {
    return result.apply(RuleMeasures.evaluate(rule, figure, schema, now));
  }

  /** Returns the result of a rule that cannot be evaluated, with the reason. */
  public RuleResult notEvaluated(String why) {
    return result.apply(RuleMeasurement.notEvaluated(why));
  }

  /**
   * Returns the result of a steadiness rule.
   *
   * @param condition the rule's condition
   * @param earlier the earlier values of its metric, within its window
   */
  public RuleResult steady(Steady condition, List<Double> earlier) {
    MeasuredValue figure = rows.result();
    OptionalDouble number = figure.asDouble();
    if (!figure.gap().isEmpty()) {
      return notEvaluated(figure.gap());
    }
    if (number.isEmpty()) {
      return result.apply(RuleMeasurement.skipped("there are too few values to measure"));
    }
    double deviations = condition.deviations().doubleValue();
    return result.apply(
        switch (SteadinessCheck.of(number.getAsDouble(), earlier, deviations)) {
          case STEADY ->
              RuleMeasures.ended(true, number, "compared with " + earlier.size() + " publishes");
          case UNSTEADY ->
              RuleMeasures.ended(
                  false,
                  number,
                  RuleMeasures.name(rule)
                      + " deviates from its last "
                      + earlier.size()
                      + " publishes: "
                      + RuleMeasures.deviationText(
                          rule, number.getAsDouble(), Range.of(earlier, deviations), deviations));
          case NOT_ENOUGH_HISTORY -> RuleMeasures.ended(true, number, "not enough history");
        });
  }

  /**
   * Returns the result of a reference rule within the product.
   *
   * @param failing rows of the table after the publish whose reference has no match
   */
  public RuleResult unmatched(long failing) {
    RuleResult skipped = result.apply(RuleMeasurement.skipped(""));
    boolean passes = rule.tolerates(failing, skipped.evaluatedRows());
    return new RuleResult(
        skipped.ruleId(),
        skipped.text(),
        skipped.severity(),
        passes ? Outcome.PASS : Outcome.FAIL,
        failing,
        skipped.evaluatedRows(),
        OptionalDouble.empty(),
        failing == 0
            ? ""
            : "they refer to rows that the product does not contain after the publish",
        List.of());
  }

  /** Returns the result for the first publish to an empty table. */
  RuleResult first() {
    if (rows instanceof OwnReferences own) {
      return unmatched(own.unmatched(List.of()));
    }
    return RuleConditions.of(rule) instanceof Steady condition
        ? steady(condition, List.of())
        : result(rows.result());
  }
}
