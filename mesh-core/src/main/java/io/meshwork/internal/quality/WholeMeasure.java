package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.error.BackendException;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.measure.Figure;
import io.meshwork.internal.measure.LeafPath;
import io.meshwork.internal.measure.Measure;
import io.meshwork.internal.measure.Statistic;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Measures the rows of a publish for a rule that they can answer by themselves. */
class WholeMeasure implements DatasetMeasure {
  final Rule rule;
  final Schema schema;
  final Measure rows;
  private final Instant now;

  WholeMeasure(Rule rule, Schema schema, Instant now) {
    this.rule = rule;
    this.schema = schema;
    this.rows = Measures.of(rule, schema);
    this.now = now;
  }

  @Override
  public final void accept(VectorBatch batch, RowMask counted) {
    rows.add(batch, counted);
  }

  @Override
  public Measured result() {
    return Measures.judge(rule, rows.result(), schema, now);
  }

  @Override
  public OptionalDouble figure() {
    return Measures.shown(rule, rows.result(), schema);
  }

  @Override
  public void close() {
    rows.close();
  }

  /** A rule that is judged only when the table and its history are known. */
  static final class Pending extends WholeMeasure {
    Pending(Rule rule, Schema schema, Instant now) {
      super(rule, schema, now);
    }

    @Override
    public Measured result() {
      return Measured.skipped(PendingRule.UNJUDGED);
    }
  }

  /** Compares with another product: the ratio of both numbers lies between the rule's ends. */
  static final class Ratio extends WholeMeasure {
    private final OtherProducts.Rows others;

    Ratio(Rule rule, Schema schema, RuleSurroundings surroundings) {
      super(rule, schema, surroundings.now());
      this.others = surroundings.others().of(rule.product().orElseThrow());
    }

    @Override
    public Measured result() {
      if (!others.gap().isEmpty()) {
        return Measured.notEvaluated(others.gap());
      }
      Figure ours = rows.result();
      Figure theirs = theirs();
      if (!ours.gap().isEmpty() || !theirs.gap().isEmpty()) {
        return Measured.notEvaluated(ours.gap().isEmpty() ? theirs.gap() : ours.gap());
      }
      if (ours.isNothing() && theirs.isNothing()) {
        return Measured.skipped("neither " + others.name() + " nor the publish has a value");
      }
      BigDecimal mine = exact(ours);
      BigDecimal other = exact(theirs);
      if (mine == null || other == null) {
        return Measures.ended(false, OptionalDouble.empty(), "a sum is infinite or no number");
      }
      return ratio(mine, other);
    }

    /** None by none is as it should be; something by none is beyond all ends. */
    private Measured ratio(BigDecimal mine, BigDecimal other) {
      if (other.signum() == 0) {
        return mine.signum() == 0
            ? Measures.ended(true, OptionalDouble.of(1), told("as many, none,"))
            : Measures.ended(false, OptionalDouble.empty(), told("something for nothing"));
      }
      Figure ratio = new Figure(mine.divide(other, MathContext.DECIMAL128), "", 0);
      return Measures.ended(
          ratio.isWithin(Measures.end(rule.low()), Measures.end(rule.high())),
          ratio.asDouble(),
          told(Measures.rounded(ratio.asDouble().orElseThrow()) + " times as much"));
    }

    private String told(String ratio) {
      return ratio + " compared with " + others.name();
    }

    private Figure theirs() {
      if (rule.kind() == Rule.Kind.SAME_ROW_COUNT) {
        return new Figure(BigDecimal.valueOf(others.count()), "", 0);
      }
      LeafPath path;
      try {
        path = LeafPath.of(others.schema(), rule.otherColumns().get(0));
      } catch (IllegalArgumentException e) {
        return Figure.unknown(others.name() + " has no column " + rule.otherColumns().get(0));
      }
      if (!isNumber(path.type()) || path.isRepeated()) {
        return Figure.unknown(
            "column " + rule.otherColumns().get(0) + " of " + others.name() + " is no number");
      }
      Statistic[] sum = {null};
      try {
        others.read(
            Set.of(path.fieldId()),
            batch -> {
              if (sum[0] == null) {
                sum[0] =
                    new Statistic(
                        Statistic.Kind.SUM,
                        LeafPath.of(batch.schema(), rule.otherColumns().get(0)));
              }
              RowMask all = new RowMask(batch.rows());
              all.flip(batch.rows());
              sum[0].add(batch, all);
            });
      } catch (BackendException e) {
        return Figure.unknown(OtherProducts.unread(others, e));
      }
      return sum[0] == null ? Figure.nothing(0) : sum[0].result();
    }

    private static boolean isNumber(Type type) {
      return switch (type.typeId()) {
        case INTEGER, LONG, FLOAT, DOUBLE, DECIMAL -> true;
        default -> false;
      };
    }

    /** Null if it is not finite; the sum of no value is 0 when it is compared. */
    private static @Nullable BigDecimal exact(Figure figure) {
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
