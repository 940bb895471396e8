package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import java.math.BigDecimal;
import org.apache.iceberg.Schema;

/** Makes the measures of rules on a whole publish. */
final class DatasetMeasures {
  private DatasetMeasures() {}

  /**
   * The measure of a rule that {@linkplain Rule.Kind#measuresWhole measures the whole}.
   *
   * @param schema that of the batches; rules fit it, and {@link LeafColumn} finds their columns
   * @param surroundings what is known besides the rows
   */
  static DatasetMeasure of(Rule rule, Schema schema, RuleSurroundings surroundings) {
    if (rule.scope() != Rule.Scope.BATCH) {
      return new Unmeasured("a scope of " + rule.scope().text() + " is not measured");
    }
    return switch (rule.kind()) {
      case ROW_COUNT -> new RowCount(rule);
      default -> new Unmeasured(rule.kind().text() + " is not measured by a publish");
    };
  }

  /** How many rows there are. */
  private static final class RowCount implements DatasetMeasure {
    private final Rule rule;
    private long rows;

    RowCount(Rule rule) {
      this.rule = rule;
    }

    @Override
    public void accept(VectorBatch batch, RowMask counted) {
      rows += counted.count();
    }

    @Override
    public Measured result() {
      Measured measured = Measured.of(rule, BigDecimal.valueOf(rows), "");
      return measured.outcome() == io.meshwork.contract.QualityReport.Outcome.PASS
          ? measured
          : Measured.of(rule, BigDecimal.valueOf(rows), "the publish has " + rows + " rows");
    }
  }

  /** A rule that cannot be measured, and why. */
  record Unmeasured(String reason) implements DatasetMeasure {
    @Override
    public void accept(VectorBatch batch, RowMask counted) {
      // Nothing of the rows says more.
    }

    @Override
    public Measured result() {
      return Measured.notEvaluated(reason);
    }
  }
}
