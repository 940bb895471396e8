package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RowCondition.Between;
import io.meshwork.internal.condition.RowCondition.Compare;
import io.meshwork.internal.condition.RowCondition.Custom;
import io.meshwork.internal.condition.RowCondition.InSet;
import io.meshwork.internal.condition.RowCondition.Length;
import io.meshwork.internal.condition.RowCondition.Matches;
import io.meshwork.internal.condition.RowCondition.NotInSet;
import io.meshwork.internal.condition.RowCondition.NotMissing;
import io.meshwork.internal.condition.RowCondition.NotNull;
import io.meshwork.internal.condition.RowCondition.References;
import io.meshwork.internal.condition.RuleCondition;
import io.meshwork.internal.contract.RuleConditions;
import org.apache.iceberg.Schema;

/** The evaluator of each kind of rule, for the rows of one publish. */
final class RuleEvaluators {
  /** What evaluates a rule. */
  sealed interface RuleEvaluator {
    /** Evaluates each row. */
    record OfRows(RowRuleEvaluator rows) implements RuleEvaluator {}

    /** Compares the keys of rows. */
    record OfKeys() implements RuleEvaluator {}

    /** Measures all rows together. */
    record OfPublish(DatasetMeasure measure) implements RuleEvaluator {}

    /** Evaluates nothing. */
    record OfNothing() implements RuleEvaluator {}
  }

  private final RowRuleEvaluators rows;
  private final Schema schema;
  private final RuleContext surroundings;

  /**
   * Creates evaluators.
   *
   * @param schema the schema of the batches; it fits the rules, and {@link LeafColumn} finds their
   *     columns
   * @param surroundings what rules need besides the rows
   */
  RuleEvaluators(Contract contract, Schema schema, RuleContext surroundings) {
    this.rows = new RowRuleEvaluators(contract, schema, surroundings);
    this.schema = schema;
    this.surroundings = surroundings;
  }

  /** Returns what evaluates a rule; exhaustive, so that each kind has an evaluator. */
  RuleEvaluator of(Rule rule) {
    RuleCondition condition = RuleConditions.of(rule);
    return switch (rule.kind()) {
      case NOT_NULL -> new RuleEvaluator.OfRows(rows.notNull((NotNull) condition));
      case NOT_MISSING -> new RuleEvaluator.OfRows(rows.notMissing((NotMissing) condition));
      case BETWEEN -> new RuleEvaluator.OfRows(rows.between((Between) condition));
      case IN_SET -> new RuleEvaluator.OfRows(rows.inSet((InSet) condition));
      case NOT_IN_SET -> new RuleEvaluator.OfRows(rows.notInSet((NotInSet) condition));
      case MATCHES -> new RuleEvaluator.OfRows(rows.matches((Matches) condition));
      case LENGTH -> new RuleEvaluator.OfRows(rows.length((Length) condition));
      case COMPARE -> new RuleEvaluator.OfRows(rows.compare((Compare) condition));
      case CUSTOM -> new RuleEvaluator.OfRows(rows.custom(rule, (Custom) condition));
      case REFERENCES -> references(rule, (References) condition);
      case UNIQUE -> new RuleEvaluator.OfKeys();
      case SAME_ROW_COUNT, SAME_SUM ->
          new RuleEvaluator.OfPublish(new PublishMeasure.Ratio(rule, schema, surroundings));
      case STEADY -> pending(rule);
      case ROW_COUNT, COMPLETENESS, DISTINCT_COUNT, MEAN, STDDEV, SUM, MIN, MAX, FRESH ->
          rule.scope() == Rule.Scope.BATCH
              ? new RuleEvaluator.OfPublish(new PublishMeasure(rule, schema, surroundings.now()))
              : pending(rule);
      case TEXT -> new RuleEvaluator.OfNothing();
    };
  }

  /** Rows of the same product are known only after the publish. */
  private RuleEvaluator references(Rule rule, References condition) {
    return surroundings.others().isOwn(condition.product())
        ? pending(rule)
        : new RuleEvaluator.OfRows(rows.references(condition));
  }

  private RuleEvaluator pending(Rule rule) {
    return new RuleEvaluator.OfPublish(
        new PublishMeasure.PendingMeasure(rule, schema, surroundings.now()));
  }
}
