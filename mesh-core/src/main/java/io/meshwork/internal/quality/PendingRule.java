package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.internal.measure.Figure;
import io.meshwork.internal.measure.Measure;
import io.meshwork.internal.measure.Steadiness;
import io.meshwork.internal.measure.Steadiness.Range;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.iceberg.Schema;

/**
 * A rule that the rows of a publish do not answer by themselves: it looks at the table as it will
 * be, or at what was published before. It is judged whenever that is known anew. Not thread-safe.
 */
public final class PendingRule {
  static final String UNJUDGED = "it was not judged, since the publish was refused before";

  private final Rule rule;
  private final Schema schema;
  private final Measure rows;
  private final Instant now;
  private final Function<Measured, RuleResult> result;

  PendingRule(
      Rule rule, Schema schema, Measure rows, Instant now, Function<Measured, RuleResult> result) {
    this.rule = rule;
    this.schema = schema;
    this.rows = rows;
    this.now = now;
    this.result = result;
  }

  /** Which. */
  public Rule rule() {
    return rule;
  }

  /** What the rows of the publish came to, of those that the rule looks at. */
  public Measure rows() {
    return rows;
  }

  /** What the rule says of a number that stands for the rows of its scope. */
  public RuleResult judged(Figure figure) {
    return result.apply(Measures.judge(rule, figure, schema, now));
  }

  /** That it could not be judged, and why. */
  public RuleResult unjudged(String why) {
    return result.apply(Measured.notEvaluated(why));
  }

  /**
   * What a rule on steadiness says.
   *
   * @param earlier what its metric came to before, in its window
   */
  public RuleResult steady(List<Double> earlier) {
    Figure figure = rows.result();
    OptionalDouble number = figure.asDouble();
    if (!figure.gap().isEmpty()) {
      return unjudged(figure.gap());
    }
    if (number.isEmpty()) {
      return result.apply(Measured.skipped("there are too few values to measure"));
    }
    double deviations =
        ((BigDecimal) Objects.requireNonNull(rule.arguments().get(1))).doubleValue();
    return result.apply(
        switch (Steadiness.of(number.getAsDouble(), earlier, deviations)) {
          case STEADY ->
              Measures.ended(true, number, "compared with " + earlier.size() + " publishes");
          case UNSTEADY ->
              Measures.ended(
                  false,
                  number,
                  Measures.name(rule)
                      + " strays from its last "
                      + earlier.size()
                      + " publishes: "
                      + Measures.straying(
                          rule, number.getAsDouble(), Range.of(earlier, deviations), deviations));
          case NOT_ENOUGH_HISTORY -> Measures.ended(true, number, "not enough history");
        });
  }

  /**
   * What a rule on references within the product says.
   *
   * @param failing rows that refer to none, of the table after the publish
   */
  public RuleResult unmatched(long failing) {
    RuleResult told = result.apply(Measured.skipped(""));
    boolean passes = rule.tolerates(failing, told.judgedRows());
    return new RuleResult(
        told.ruleId(),
        told.text(),
        told.severity(),
        passes ? Outcome.PASS : Outcome.FAIL,
        failing,
        told.judgedRows(),
        told.judgedRows() == 0 ? 0 : 100.0 * failing / told.judgedRows(),
        OptionalDouble.empty(),
        failing == 0 ? "" : "they refer to rows that the product does not have after the publish",
        List.of());
  }

  /** What it says of the first publish to an empty table. */
  RuleResult first() {
    if (rows instanceof OwnReferences own) {
      return unmatched(own.unmatched(List.of()));
    }
    return rule.kind() == Rule.Kind.STEADY ? steady(List.of()) : judged(rows.result());
  }

  /** How many of the last publishes a rule on steadiness looks at. */
  public int window() {
    return ((Number) Objects.requireNonNull(rule.arguments().get(2))).intValue();
  }
}
