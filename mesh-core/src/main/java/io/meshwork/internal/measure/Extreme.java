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
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The least or greatest value of a column of numbers, dates, times or timestamps. NaN is left out
 * and counted; both zeros are one. The result is in Iceberg's own form: days, microseconds or
 * nanoseconds for times, BigDecimal for decimals.
 */
public final class Extreme implements Measure {
  private final boolean greatest;
  private final LeafPath path;
  private final Type type;
  private @Nullable BigInteger wide;
  private long whole;
  private double number;
  private boolean any;
  private long nanCount;

  private Extreme(boolean greatest, LeafPath path) {
    this.greatest = greatest;
    this.path = path;
    this.type = path.type();
  }

  /** The least value of a column. */
  public static Extreme least(LeafPath path) {
    return new Extreme(false, path);
  }

  /** The greatest value of a column. */
  public static Extreme greatest(LeafPath path) {
    return new Extreme(true, path);
  }

  @Override
  public void add(VectorBatch batch, RowMask chosen) {
    path.collect(batch, chosen);
    Vector vector = path.values();
    for (int i = 0; i < path.count(); i++) {
      int place = path.place(i);
      if (vector instanceof LongVector longs) {
        add(longs.get(place));
      } else if (vector instanceof IntVector ints) {
        add((long) ints.get(place));
      } else if (vector instanceof DoubleVector doubles) {
        add(doubles.get(place));
      } else if (vector instanceof FloatVector floats) {
        add((double) floats.get(place));
      } else {
        add(new BigInteger(((BytesVector) vector).get(place)));
      }
    }
  }

  /**
   * Adds an extreme that is known to be exact, such as a bound that a file of ours carries.
   *
   * @param value in Iceberg's own form
   */
  public void add(Object value) {
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
    // Adding a zero turns -0.0 into 0.0.
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
  public void add(Measure other) {
    Extreme extreme = (Extreme) other;
    nanCount += extreme.nanCount;
    Object value = extreme.result().value();
    if (value != null) {
      add(value);
    }
  }

  /**
   * False only if values up to a bound cannot change the result.
   *
   * @param bound below the least or above the greatest value of some rows, in Iceberg's own form;
   *     null if it is not known
   */
  public boolean mayChange(@Nullable Object bound) {
    if (bound == null || !any || bound instanceof Double || bound instanceof Float) {
      // Of floating numbers NaN is counted, so that all of them are looked at.
      return true;
    }
    BigInteger now = wide == null ? BigInteger.valueOf(whole) : wide;
    BigInteger then =
        bound instanceof BigDecimal decimal
            ? decimal.unscaledValue()
            : BigInteger.valueOf(((Number) bound).longValue());
    return greatest ? then.compareTo(now) > 0 : then.compareTo(now) < 0;
  }

  /** True if it is the greatest value. */
  public boolean isGreatest() {
    return greatest;
  }

  @Override
  public Figure result() {
    if (!any) {
      return Figure.nothing(nanCount);
    }
    if (type instanceof Types.DecimalType decimal) {
      BigInteger unscaled = wide == null ? BigInteger.valueOf(whole) : wide;
      return Figure.of(new BigDecimal(unscaled, decimal.scale()), nanCount);
    }
    return switch (type.typeId()) {
      case DOUBLE, FLOAT -> Figure.of(number, nanCount);
      case INTEGER, DATE -> Figure.of((int) whole, nanCount);
      default -> Figure.of(whole, nanCount);
    };
  }
}
