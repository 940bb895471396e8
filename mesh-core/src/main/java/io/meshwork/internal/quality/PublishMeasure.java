package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.error.BackendException;
import io.meshwork.internal.condition.DatasetCondition.SameSum;
import io.meshwork.internal.condition.RuleCondition.ProductReference;
import io.meshwork.internal.condition.RuleCondition.Range;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Measures the rows of a publish for a rule that they suffice to evaluate. */
class PublishMeasure implements DatasetMeasure {
  final Rule rule;
  final Schema schema;
  final RowMeasure rows;
  private final Instant now;

  PublishMeasure(Rule rule, Schema schema, Instant now) {
    this.rule = rule;
    this.schema = schema;
    this.rows = RuleMeasures.of(rule, schema);
    this.now = now;
  }

  @Override
  public final void accept(VectorBatch batch, RowMask counted) {
    rows.add(batch, counted);
  }

  @Override
  public final boolean seesAllValues() {
    return rows.seesAllValues();
  }

  @Override
  public final Serializable counts() {
    return rows.counts();
  }

  @Override
  public final void add(Serializable counts) {
    rows.add(counts);
  }

  @Override
  public RuleMeasurement result() {
    return RuleMeasures.evaluate(rule, rows.result(), schema, now);
  }

  @Override
  public OptionalDouble figure() {
    return RuleMeasures.displayedValue(rule, rows.result(), schema);
  }

  @Override
  public void close() {
    rows.close();
  }

  /** A rule that is evaluated once the table and its history are known. */
  static final class PendingMeasure extends PublishMeasure {
    PendingMeasure(Rule rule, Schema schema, Instant now) {
      super(rule, schema, now);
    }

    @Override
    public RuleMeasurement result() {
      return RuleMeasurement.skipped(PendingRule.NOT_EVALUATED);
    }
  }

  /** Compares with another product: the ratio of both numbers must be within the rule's range. */
  static final class Ratio extends PublishMeasure {
    private final ProductReference reference;
    private final OtherProducts.SnapshotRows others;

    Ratio(Rule rule, Schema schema, RuleContext surroundings) {
      super(rule, schema, surroundings.now());
      this.reference = (ProductReference) RuleConditions.of(rule);
      this.others = surroundings.others().of(reference.product(), reference.otherColumns());
    }

    @Override
    public RuleMeasurement result() {
      if (!others.gap().isEmpty()) {
        return RuleMeasurement.notEvaluated(others.gap());
      }
      MeasuredValue ours = rows.result();
      MeasuredValue theirs = theirs();
      if (!ours.gap().isEmpty() || !theirs.gap().isEmpty()) {
        return RuleMeasurement.notEvaluated(ours.gap().isEmpty() ? theirs.gap() : ours.gap());
      }
      if (ours.isEmpty() && theirs.isEmpty()) {
        return RuleMeasurement.skipped("neither " + others.name() + " nor the publish has a value");
      }
      BigDecimal mine = exact(ours);
      BigDecimal theirNumber = exact(theirs);
      if (mine == null || theirNumber == null) {
        return RuleMeasures.ended(
            false, OptionalDouble.empty(), "a sum is infinite or not a number");
      }
      return ratio(mine, theirNumber);
    }

    /**
     * Returns the ratio: 1 if both numbers are 0; outside every range if only the other one is 0.
     */
    private RuleMeasurement ratio(BigDecimal mine, BigDecimal theirs) {
      if (theirs.signum() == 0) {
        return mine.signum() == 0
            ? RuleMeasures.ended(true, OptionalDouble.of(1), text("no value in either,"))
            : RuleMeasures.ended(false, OptionalDouble.empty(), text("a value for none"));
      }
      Range range = (Range) RuleConditions.of(rule);
      MeasuredValue ratio = new MeasuredValue(mine.divide(theirs, MathContext.DECIMAL128), "", 0);
      return RuleMeasures.ended(
          ratio.isWithin(RuleMeasures.end(range.low()), RuleMeasures.end(range.high())),
          ratio.asDouble(),
          text(RuleMeasures.rounded(ratio.asDouble().orElseThrow()) + " times as much"));
    }

    private String text(String ratio) {
      return ratio + " compared with " + others.name();
    }

    private MeasuredValue theirs() {
      if (!(reference instanceof SameSum sum)) {
        return new MeasuredValue(BigDecimal.valueOf(others.count()), "", 0);
      }
      LeafPath path;
      try {
        path = LeafPath.of(others.schema(), sum.otherColumn());
      } catch (IllegalArgumentException e) {
        return MeasuredValue.unknown(others.name() + " has no column " + sum.otherColumn());
      }
      if (!isNumber(path.type()) || path.isRepeated()) {
        return MeasuredValue.unknown(
            "column " + sum.otherColumn() + " of " + others.name() + " is not a number");
      }
      StatisticMeasure[] total = {null};
      try {
        others.read(
            Set.of(path.fieldId()),
            batch -> {
              if (total[0] == null) {
                total[0] =
                    new StatisticMeasure(
                        StatisticMeasure.Kind.SUM, LeafPath.of(batch.schema(), sum.otherColumn()));
              }
              RowMask all = new RowMask(batch.rows());
              all.flip(batch.rows());
              total[0].add(batch, all);
            });
      } catch (BackendException e) {
        return MeasuredValue.unknown(OtherProducts.unread(others, e));
      }
      return total[0] == null ? MeasuredValue.empty(0) : total[0].result();
    }

    private static boolean isNumber(Type type) {
      return switch (type.typeId()) {
        case INTEGER, LONG, FLOAT, DOUBLE, DECIMAL -> true;
        default -> false;
      };
    }

    /** Returns null if the value is not finite; the sum of no value counts as 0 in a comparison. */
    private static @Nullable BigDecimal exact(MeasuredValue figure) {
      if (figure.value() == null) {
        return BigDecimal.ZERO;
      }
      if (figure.value() instanceof Double number) {
        return Double.isFinite(number) ? new BigDecimal(number) : null;
      }
      return (BigDecimal) figure.value();
    }
  }
}
