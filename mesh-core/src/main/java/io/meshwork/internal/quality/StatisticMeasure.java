package io.meshwork.internal.quality;

import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Measures the sum, mean, or sample standard deviation of numbers. Nulls and NaN are excluded; NaN
 * are counted; infinities are included. Rounds only the result, so that it does not depend on the
 * order of rows.
 */
final class StatisticMeasure implements RowMeasure {
  enum Kind {
    /** The sum; no result without values. */
    SUM,
    /** The mean; no result without values. */
    MEAN,
    /** The sample standard deviation, with n - 1; no result for fewer than two values. */
    STDDEV
  }

  /** The maximum number of digits of a sum of decimals and integers. */
  static final int MAX_DIGITS = 38;

  private static final MathContext DIGITS = new MathContext(40, RoundingMode.HALF_EVEN);

  private final Kind kind;
  private final LeafPath path;
  private final int scale;
  private final boolean floating;
  private final ExactSum sum;
  private final ExactSum squares;
  private long count;
  private long nanCount;
  private long positives;
  private long negatives;

  /**
   * Measures a column.
   *
   * @param path leads to numbers
   */
  StatisticMeasure(Kind kind, LeafPath path) {
    this.kind = kind;
    this.path = path;
    Type type = path.type();
    this.floating = type.typeId() == Type.TypeID.DOUBLE || type.typeId() == Type.TypeID.FLOAT;
    this.scale = type instanceof Types.DecimalType decimal ? decimal.scale() : 0;
    this.sum = floating ? ExactSum.ofDoubles() : ExactSum.ofWholes();
    this.squares = floating ? ExactSum.ofSquaredDoubles() : ExactSum.ofWholes();
  }

  @Override
  public void add(VectorBatch batch, RowMask selected) {
    path.collect(batch, selected);
    Vector vector = path.values();
    if (vector instanceof DoubleVector doubles) {
      for (int i = 0; i < path.count(); i++) {
        add(doubles.get(path.position(i)));
      }
    } else if (vector instanceof FloatVector floats) {
      for (int i = 0; i < path.count(); i++) {
        add(floats.get(path.position(i)));
      }
    } else if (vector instanceof LongVector longs) {
      for (int i = 0; i < path.count(); i++) {
        add(longs.get(path.position(i)));
      }
    } else if (vector instanceof IntVector ints) {
      for (int i = 0; i < path.count(); i++) {
        add((long) ints.get(path.position(i)));
      }
    } else {
      BytesVector bytes = (BytesVector) vector;
      for (int i = 0; i < path.count(); i++) {
        add(new BigInteger(bytes.get(path.position(i))));
      }
    }
  }

  @Override
  public void add(RowMeasure measure) {
    add(measure.counts());
  }

  @Override
  public Serializable counts() {
    return new Counts(sum.digits(), squares.digits(), count, nanCount, positives, negatives);
  }

  @Override
  public void add(Serializable counts) {
    Counts other = (Counts) counts;
    sum.add(other.sum);
    squares.add(other.squares);
    count += other.count;
    nanCount += other.nanCount;
    positives += other.positives;
    negatives += other.negatives;
  }

  /** The digits of exact sums of finite values, and numbers of values. */
  private record Counts(
      long[] sum, long[] squares, long count, long nanCount, long positives, long negatives)
      implements Serializable {}

  private void add(double value) {
    if (Double.isNaN(value)) {
      nanCount++;
      return;
    }
    count++;
    if (Double.isInfinite(value)) {
      positives += value > 0 ? 1 : 0;
      negatives += value < 0 ? 1 : 0;
      return;
    }
    sum.add(value);
    if (kind == Kind.STDDEV) {
      squares.addSquare(value);
    }
  }

  private void add(long value) {
    count++;
    sum.add(value);
    if (kind == Kind.STDDEV) {
      squares.addSquare(value);
    }
  }

  private void add(BigInteger value) {
    count++;
    sum.add(value);
    if (kind == Kind.STDDEV) {
      squares.add(value.multiply(value));
    }
  }

  @Override
  public MeasuredValue result() {
    if (count < (kind == Kind.STDDEV ? 2 : 1)) {
      return MeasuredValue.empty(nanCount);
    }
    if (positives + negatives > 0) {
      boolean one = positives == 0 || negatives == 0;
      double infinite = positives > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      return MeasuredValue.of(one && kind != Kind.STDDEV ? infinite : Double.NaN, nanCount);
    }
    BigDecimal total = sum.value().movePointLeft(scale);
    return switch (kind) {
      case SUM -> !floating && digits() > MAX_DIGITS ? overflow() : rounded(total);
      case MEAN -> rounded(total.divide(BigDecimal.valueOf(count), DIGITS));
      case STDDEV -> MeasuredValue.of(deviation(total).doubleValue(), nanCount);
    };
  }

  private int digits() {
    return sum.value().precision() - Math.min(0, sum.value().scale());
  }

  private static MeasuredValue overflow() {
    return MeasuredValue.unknown("the sum has more than " + MAX_DIGITS + " digits");
  }

  private MeasuredValue rounded(BigDecimal exact) {
    return MeasuredValue.of(floating ? (Object) exact.doubleValue() : exact, nanCount);
  }

  private BigDecimal deviation(BigDecimal total) {
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal spread =
        n.multiply(squares.value().movePointLeft(2 * scale)).subtract(total.multiply(total));
    return spread.divide(n.multiply(n.subtract(BigDecimal.ONE)), DIGITS).sqrt(DIGITS);
  }
}
