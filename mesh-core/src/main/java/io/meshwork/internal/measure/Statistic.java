package io.meshwork.internal.measure;

import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.DoubleVector;
import io.meshwork.internal.columnar.FloatVector;
import io.meshwork.internal.columnar.IntVector;
import io.meshwork.internal.columnar.LongVector;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Sum, mean or sample deviation of numbers. Nulls are left out, and NaN too, which are counted;
 * infinities take part. Nothing is rounded until the result is asked for, so that neither order nor
 * chunks show in it.
 */
public final class Statistic implements Measure {
  /** Which. */
  public enum Kind {
    /** All values together; nothing of none. */
    SUM,
    /** The mean; nothing of none. */
    MEAN,
    /** The sample standard deviation, with n - 1; nothing of fewer than two. */
    STDDEV
  }

  /** How many digits a sum of decimals and whole numbers may have. */
  public static final int MOST_DIGITS = 38;

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
   * Of a column.
   *
   * @param path to numbers
   */
  public Statistic(Kind kind, LeafPath path) {
    this.kind = kind;
    this.path = path;
    Type type = path.type();
    this.floating = type.typeId() == Type.TypeID.DOUBLE || type.typeId() == Type.TypeID.FLOAT;
    this.scale = type instanceof Types.DecimalType decimal ? decimal.scale() : 0;
    this.sum = floating ? ExactSum.ofDoubles() : ExactSum.ofWholes();
    this.squares = floating ? ExactSum.ofSquaredDoubles() : ExactSum.ofWholes();
  }

  @Override
  public void add(VectorBatch batch, RowMask chosen) {
    path.collect(batch, chosen);
    Vector vector = path.values();
    if (vector instanceof DoubleVector doubles) {
      for (int i = 0; i < path.count(); i++) {
        add(doubles.get(path.place(i)));
      }
    } else if (vector instanceof FloatVector floats) {
      for (int i = 0; i < path.count(); i++) {
        add(floats.get(path.place(i)));
      }
    } else if (vector instanceof LongVector longs) {
      for (int i = 0; i < path.count(); i++) {
        add(longs.get(path.place(i)));
      }
    } else if (vector instanceof IntVector ints) {
      for (int i = 0; i < path.count(); i++) {
        add((long) ints.get(path.place(i)));
      }
    } else {
      BytesVector bytes = (BytesVector) vector;
      for (int i = 0; i < path.count(); i++) {
        add(new BigInteger(bytes.get(path.place(i))));
      }
    }
  }

  @Override
  public void add(Measure measure) {
    Statistic other = (Statistic) measure;
    sum.add(other.sum);
    squares.add(other.squares);
    count += other.count;
    nanCount += other.nanCount;
    positives += other.positives;
    negatives += other.negatives;
  }

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
  public Figure result() {
    if (count < (kind == Kind.STDDEV ? 2 : 1)) {
      return Figure.nothing(nanCount);
    }
    if (positives + negatives > 0) {
      boolean one = positives == 0 || negatives == 0;
      double infinite = positives > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      return Figure.of(one && kind != Kind.STDDEV ? infinite : Double.NaN, nanCount);
    }
    BigDecimal total = sum.value().movePointLeft(scale);
    return switch (kind) {
      case SUM -> !floating && digits() > MOST_DIGITS ? overflow() : rounded(total);
      case MEAN -> rounded(total.divide(BigDecimal.valueOf(count), DIGITS));
      case STDDEV -> Figure.of(deviation(total).doubleValue(), nanCount);
    };
  }

  private int digits() {
    return sum.value().precision() - Math.min(0, sum.value().scale());
  }

  private static Figure overflow() {
    return Figure.unknown("the sum has more than " + MOST_DIGITS + " digits");
  }

  private Figure rounded(BigDecimal exact) {
    return Figure.of(floating ? (Object) exact.doubleValue() : exact, nanCount);
  }

  private BigDecimal deviation(BigDecimal total) {
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal spread =
        n.multiply(squares.value().movePointLeft(2 * scale)).subtract(total.multiply(total));
    return spread.divide(n.multiply(n.subtract(BigDecimal.ONE)), DIGITS).sqrt(DIGITS);
  }
}
