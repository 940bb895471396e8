package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import org.apache.iceberg.Schema;

/** Makes the measures of rules on a whole publish. */
final class DatasetMeasures {
  private DatasetMeasures() {}

  /** True if rows refer to rows of the same product, which are known after the publish only. */
  static boolean isOwnReference(Rule rule, RuleSurroundings surroundings) {
    return rule.kind() == Rule.Kind.REFERENCES
        && rule.product().filter(surroundings.others()::isOwn).isPresent();
  }

  /**
   * The measure of a rule that {@linkplain Rule.Kind#measuresWhole measures the whole}.
   *
   * @param schema that of the batches; rules fit it, and {@link LeafColumn} finds their columns
   * @param surroundings what is known besides the rows
   */
  static DatasetMeasure of(Rule rule, Schema schema, RuleSurroundings surroundings) {
    boolean pending = rule.scope() != Rule.Scope.BATCH || rule.kind() == Rule.Kind.STEADY;
    return switch (rule.kind()) {
      case SAME_ROW_COUNT, SAME_SUM -> new WholeMeasure.Ratio(rule, schema, surroundings);
      default ->
          pending
              ? new WholeMeasure.Pending(rule, schema, surroundings.now())
              : new WholeMeasure(rule, schema, surroundings.now());
    };
  }
}
