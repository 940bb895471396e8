package io.meshwork.internal.quality;

import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.DoubleVector;
import io.meshwork.internal.columnar.FloatVector;
import io.meshwork.internal.columnar.IntVector;
import io.meshwork.internal.columnar.LongVector;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Values outside of a range fail. Whole numbers, times and decimals are compared in the unit of
 * their vector, where every range is one of whole numbers with both ends included.
 */
final class RangeJudge extends ValueJudge {
  private static final BigInteger LEAST = BigInteger.ONE.shiftLeft(127).negate();
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);

  private final BigInteger low;
  private final BigInteger high;
  private final double lowDouble;
  private final double highDouble;
  private final boolean exclusive;

  private RangeJudge(
      BigInteger low, BigInteger high, double lowDouble, double highDouble, boolean exclusive) {
    this.low = low;
    this.high = high;
    this.lowDouble = lowDouble;
    this.highDouble = highDouble;
    this.exclusive = exclusive;
  }

  /** A range of a rule; null is an open end. */
  static RangeJudge of(Type type, @Nullable Object low, @Nullable Object high, boolean exclusive) {
    if (type.typeId() == Type.TypeID.DOUBLE || type.typeId() == Type.TypeID.FLOAT) {
      boolean narrow = type.typeId() == Type.TypeID.FLOAT;
      return new RangeJudge(
          BigInteger.ZERO,
          BigInteger.ZERO,
          low == null ? Double.NEGATIVE_INFINITY : nearest(low, narrow),
          high == null ? Double.POSITIVE_INFINITY : nearest(high, narrow),
          exclusive);
    }
    BigInteger from = LEAST;
    BigInteger to = MOST;
    if (low != null) {
      BigDecimal ticks = Ticks.of(low, type);
      from =
          exclusive
              ? ticks.setScale(0, RoundingMode.FLOOR).toBigInteger().add(BigInteger.ONE)
              : ticks.setScale(0, RoundingMode.CEILING).toBigInteger();
    }
    if (high != null) {
      BigDecimal ticks = Ticks.of(high, type);
      to =
          exclusive
              ? ticks.setScale(0, RoundingMode.CEILING).toBigInteger().subtract(BigInteger.ONE)
              : ticks.setScale(0, RoundingMode.FLOOR).toBigInteger();
    }
    return whole(from, to);
  }

  /** A range of whole numbers in the unit of the vector, both ends included. */
  static RangeJudge whole(BigInteger low, BigInteger high) {
    return new RangeJudge(low, high, 0, 0, false);
  }

  /** True if a value in Iceberg's own form, such as a bound of a file, lies inside. */
  boolean holds(Object value) {
    if (value instanceof Double || value instanceof Float) {
      return inside(((Number) value).doubleValue());
    }
    BigInteger ticks = Ticks.ofValue(value);
    return ticks.compareTo(low) >= 0 && ticks.compareTo(high) <= 0;
  }

  @Override
  void values(Vector vector, RowMask skip, RowMask failing) {
    if (vector instanceof LongVector longs) {
      longs(longs, failing);
    } else if (vector instanceof IntVector ints) {
      ints(ints, failing);
    } else if (vector instanceof DoubleVector doubles) {
      doubles(doubles, failing);
    } else if (vector instanceof FloatVector floats) {
      floats(floats, failing);
    } else if (vector instanceof BytesVector bytes) {
      bytes(bytes, skip, failing);
    } else {
      throw new IllegalStateException("no range of " + vector.getClass().getSimpleName());
    }
  }

  private static double nearest(Object literal, boolean narrow) {
    Number number = (Number) literal;
    return narrow ? number.floatValue() : number.doubleValue();
  }

  private boolean isEmptyFor(BigInteger least, BigInteger most) {
    return low.compareTo(high) > 0 || low.compareTo(most) > 0 || high.compareTo(least) < 0;
  }

  private void longs(LongVector vector, RowMask failing) {
    BigInteger least = BigInteger.valueOf(Long.MIN_VALUE);
    BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
    boolean none = isEmptyFor(least, most);
    long from = none ? Long.MAX_VALUE : low.max(least).longValue();
    long to = none ? Long.MIN_VALUE : high.min(most).longValue();
    long[] values = vector.values();
    for (int row = 0; row < vector.size(); row++) {
      if ((values[row] < from || values[row] > to) && !vector.isNull(row)) {
        failing.set(row);
      }
    }
  }

  private void ints(IntVector vector, RowMask failing) {
    BigInteger least = BigInteger.valueOf(Integer.MIN_VALUE);
    BigInteger most = BigInteger.valueOf(Integer.MAX_VALUE);
    boolean none = isEmptyFor(least, most);
    int from = none ? Integer.MAX_VALUE : low.max(least).intValue();
    int to = none ? Integer.MIN_VALUE : high.min(most).intValue();
    int[] values = vector.values();
    for (int row = 0; row < vector.size(); row++) {
      if ((values[row] < from || values[row] > to) && !vector.isNull(row)) {
        failing.set(row);
      }
    }
  }

  private void doubles(DoubleVector vector, RowMask failing) {
    double[] values = vector.values();
    for (int row = 0; row < vector.size(); row++) {
      if (!inside(values[row]) && !vector.isNull(row)) {
        failing.set(row);
      }
    }
  }

  private void floats(FloatVector vector, RowMask failing) {
    float[] values = vector.values();
    for (int row = 0; row < vector.size(); row++) {
      if (!inside(values[row]) && !vector.isNull(row)) {
        failing.set(row);
      }
    }
  }

  private boolean inside(double value) {
    return exclusive
        ? (value > lowDouble || (lowDouble == Double.NEGATIVE_INFINITY && value == lowDouble))
            && (value < highDouble
                || (highDouble == Double.POSITIVE_INFINITY && value == highDouble))
        : value >= lowDouble && value <= highDouble;
  }

  /** Decimals of 16 bytes: the upper half counts with its sign, the lower without. */
  private void bytes(BytesVector vector, RowMask skip, RowMask failing) {
    boolean none = isEmptyFor(LEAST, MOST);
    BigInteger from = low.max(LEAST);
    BigInteger to = high.min(MOST);
    long fromUpper = from.shiftRight(64).longValue();
    long fromLower = from.longValue();
    long toUpper = to.shiftRight(64).longValue();
    long toLower = to.longValue();
    for (int row = 0; row < vector.size(); row++) {
      if (vector.isNull(row) || skip.get(row)) {
        continue;
      }
      long upper = BigEndian.longAt(vector.data(), vector.start(row));
      long lower = BigEndian.longAt(vector.data(), vector.start(row) + Long.BYTES);
      if (none
          || BigEndian.compare(upper, lower, fromUpper, fromLower) < 0
          || BigEndian.compare(upper, lower, toUpper, toLower) > 0) {
        failing.set(row);
      }
    }
  }
}
