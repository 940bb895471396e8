package io.meshwork.internal.quality;

import io.meshwork.internal.predicate.FloatingLiteral;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.OptionalDouble;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Fails values outside of a range, by exact comparison. Integers, times, and decimals are compared
 * in the unit of their vector, in which every range is an inclusive range of integers;
 * floating-point numbers are compared with the least and greatest number of their type within the
 * range.
 */
final class RangeEvaluator extends ValueEvaluator {
  private static final BigInteger LEAST = BigInteger.ONE.shiftLeft(127).negate();
  private static final BigInteger MAX_SAMPLES =
      BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);

  private final BigInteger low;
  private final BigInteger high;
  private final double lowDouble;
  private final double highDouble;

  private RangeEvaluator(BigInteger low, BigInteger high, double lowDouble, double highDouble) {
    this.low = low;
    this.high = high;
    this.lowDouble = lowDouble;
    this.highDouble = highDouble;
  }

  /** Returns the evaluator of a rule's range; null is an open end. */
  static RangeEvaluator of(
      Type type, @Nullable Object low, @Nullable Object high, boolean exclusive) {
    if (type.typeId() == Type.TypeID.DOUBLE || type.typeId() == Type.TypeID.FLOAT) {
      boolean narrow = type.typeId() == Type.TypeID.FLOAT;
      return new RangeEvaluator(
          BigInteger.ZERO,
          BigInteger.ZERO,
          least((BigDecimal) low, narrow, exclusive),
          most((BigDecimal) high, narrow, exclusive));
    }
    BigInteger from = LEAST;
    BigInteger to = MAX_SAMPLES;
    if (low != null) {
      BigDecimal ticks = LiteralUnits.of(low, type);
      from =
          exclusive
              ? ticks.setScale(0, RoundingMode.FLOOR).toBigInteger().add(BigInteger.ONE)
              : ticks.setScale(0, RoundingMode.CEILING).toBigInteger();
    }
    if (high != null) {
      BigDecimal ticks = LiteralUnits.of(high, type);
      to =
          exclusive
              ? ticks.setScale(0, RoundingMode.CEILING).toBigInteger().subtract(BigInteger.ONE)
              : ticks.setScale(0, RoundingMode.FLOOR).toBigInteger();
    }
    return whole(from, to);
  }

  /** Returns the evaluator of an inclusive range of integers in the unit of the vector. */
  static RangeEvaluator whole(BigInteger low, BigInteger high) {
    return new RangeEvaluator(low, high, 0, 0);
  }

  /** Returns true if Iceberg's Java value, such as a bound of a file, is within the range. */
  boolean holds(Object value) {
    if (value instanceof Double || value instanceof Float) {
      return inside(((Number) value).doubleValue());
    }
    BigInteger ticks = LiteralUnits.ofValue(value);
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
      throw new IllegalStateException(
          "unsupported vector for a range: " + vector.getClass().getSimpleName());
    }
  }

  /**
   * Returns the least floating-point number within the range, so that the comparison is inclusive.
   */
  private static double least(@Nullable BigDecimal low, boolean narrow, boolean exclusive) {
    if (low == null) {
      return Double.NEGATIVE_INFINITY;
    }
    OptionalDouble exact = FloatingLiteral.exact(low, narrow);
    return exact.isPresent() && exclusive
        ? FloatingLiteral.above(exact.getAsDouble(), narrow)
        : FloatingLiteral.ceiling(low, narrow);
  }

  private static double most(@Nullable BigDecimal high, boolean narrow, boolean exclusive) {
    if (high == null) {
      return Double.POSITIVE_INFINITY;
    }
    OptionalDouble exact = FloatingLiteral.exact(high, narrow);
    return exact.isPresent() && exclusive
        ? FloatingLiteral.below(exact.getAsDouble(), narrow)
        : FloatingLiteral.floor(high, narrow);
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
    return value >= lowDouble && value <= highDouble;
  }

  /** Compares 16-byte decimals: the upper half is signed, the lower half unsigned. */
  private void bytes(BytesVector vector, RowMask skip, RowMask failing) {
    boolean none = isEmptyFor(LEAST, MAX_SAMPLES);
    BigInteger from = low.max(LEAST);
    BigInteger to = high.min(MAX_SAMPLES);
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
