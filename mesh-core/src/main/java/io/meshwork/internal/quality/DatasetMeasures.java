package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import org.apache.iceberg.Schema;

/** Creates the measures of dataset rules. */
final class DatasetMeasures {
  private DatasetMeasures() {}

  /**
   * Returns true if rows refer to rows of the same product, which are known only after the publish.
   */
  static boolean isOwnReference(Rule rule, RuleContext surroundings) {
    return rule.kind() == Rule.Kind.REFERENCES
        && rule.product().filter(surroundings.others()::isOwn).isPresent();
  }

  /**
   * Returns the measure of a rule that {@linkplain Rule.Kind#measuresWhole measures the whole}.
   *
   * @param schema the schema of the batches; it fits the rules, and {@link LeafColumn} finds their
   *     columns
   * @param surroundings what rules need besides the rows
   */
  static DatasetMeasure of(Rule rule, Schema schema, RuleContext surroundings) {
    boolean pending = rule.scope() != Rule.Scope.BATCH || rule.kind() == Rule.Kind.STEADY;
    return switch (rule.kind()) {
      case SAME_ROW_COUNT, SAME_SUM -> new PublishMeasure.Ratio(rule, schema, surroundings);
      default ->
          pending
              ? new PublishMeasure.PendingMeasure(rule, schema, surroundings.now())
              : new PublishMeasure(rule, schema, surroundings.now());
    };
  }
}
