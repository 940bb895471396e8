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
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Measures the minimum or maximum of a column of numbers, dates, times, or timestamps. NaN is
 * excluded and counted; both zeros are equal. The result is Iceberg's Java value: days,
 * microseconds, or nanoseconds for times, BigDecimal for decimals.
 */
final class ExtremeMeasure implements RowMeasure {
  private final boolean greatest;
  private final LeafPath path;
  private final Type type;
  private @Nullable BigInteger wide;
  private long whole;
  private double number;
  private boolean any;
  private long nanCount;

  private ExtremeMeasure(boolean greatest, LeafPath path) {
    this.greatest = greatest;
    this.path = path;
    this.type = path.type();
  }

  /** Measures the minimum of a column. */
  static ExtremeMeasure least(LeafPath path) {
    return new ExtremeMeasure(false, path);
  }

  /** Measures the maximum of a column. */
  static ExtremeMeasure greatest(LeafPath path) {
    return new ExtremeMeasure(true, path);
  }

  @Override
  public void add(VectorBatch batch, RowMask selected) {
    path.collect(batch, selected);
    Vector vector = path.values();
    for (int i = 0; i < path.count(); i++) {
      int position = path.position(i);
      if (vector instanceof LongVector longs) {
        add(longs.get(position));
      } else if (vector instanceof IntVector ints) {
        add((long) ints.get(position));
      } else if (vector instanceof DoubleVector doubles) {
        add(doubles.get(position));
      } else if (vector instanceof FloatVector floats) {
        add((double) floats.get(position));
      } else {
        add(new BigInteger(((BytesVector) vector).get(position)));
      }
    }
  }

  /**
   * Adds an extreme that is known to be exact, such as a bound in a file that Meshwork wrote.
   *
   * @param value Iceberg's Java value
   */
  void add(Object value) {
    if (value instanceof Double || value instanceof Float) {
      add(((Number) value).doubleValue());
    } else if (value instanceof BigDecimal decimal) {
      BigInteger unscaled = decimal.unscaledValue();
      if (isWide()) {
        add(unscaled);
      } else {
        add(unscaled.longValueExact());
      }
    } else {
      add(((Number) value).longValue());
    }
  }

  private boolean isWide() {
    return VectorBatch.emptyVector(type) instanceof BytesVector;
  }

  private void add(long value) {
    if (!any || (greatest ? value > whole : value < whole)) {
      whole = value;
    }
    any = true;
  }

  private void add(double value) {
    if (Double.isNaN(value)) {
      nanCount++;
      return;
    }
    // Adding zero turns -0.0 into 0.0.
    double plain = value + 0.0;
    if (!any || (greatest ? plain > number : plain < number)) {
      number = plain;
    }
    any = true;
  }

  private void add(BigInteger value) {
    int order = wide == null ? 0 : value.compareTo(wide);
    if (wide == null || (greatest ? order > 0 : order < 0)) {
      wide = value;
    }
    any = true;
  }

  @Override
  public void add(RowMeasure other) {
    add(other.counts());
  }

  @Override
  public Serializable counts() {
    return new Counts((Serializable) result().value(), nanCount);
  }

  @Override
  public void add(Serializable counts) {
    Counts other = (Counts) counts;
    nanCount += other.nanCount;
    if (other.extreme != null) {
      add((Object) other.extreme);
    }
  }

  /** The extreme as Iceberg's Java value; null without values. */
  private record Counts(@Nullable Serializable extreme, long nanCount) implements Serializable {}

  /**
   * Returns false only if values up to a bound cannot change the result.
   *
   * @param bound a lower or upper bound of some rows, as Iceberg's Java value; null if unknown
   */
  boolean mayChange(@Nullable Object bound) {
    if (bound == null || !any || bound instanceof Double || bound instanceof Float) {
      // NaN is counted in floating-point columns, so all rows must be read.
      return true;
    }
    BigInteger now = wide == null ? BigInteger.valueOf(whole) : wide;
    BigInteger then =
        bound instanceof BigDecimal decimal
            ? decimal.unscaledValue()
            : BigInteger.valueOf(((Number) bound).longValue());
    return greatest ? then.compareTo(now) > 0 : then.compareTo(now) < 0;
  }

  @Override
  public boolean prunesFiles() {
    return true;
  }

  /** Returns true for the maximum. */
  boolean isGreatest() {
    return greatest;
  }

  @Override
  public MeasuredValue result() {
    if (!any) {
      return MeasuredValue.empty(nanCount);
    }
    if (type instanceof Types.DecimalType decimal) {
      BigInteger unscaled = wide == null ? BigInteger.valueOf(whole) : wide;
      return MeasuredValue.of(new BigDecimal(unscaled, decimal.scale()), nanCount);
    }
    return switch (type.typeId()) {
      case DOUBLE, FLOAT -> MeasuredValue.of(number, nanCount);
      case INTEGER, DATE -> MeasuredValue.of((int) whole, nanCount);
      default -> MeasuredValue.of(whole, nanCount);
    };
  }
}
