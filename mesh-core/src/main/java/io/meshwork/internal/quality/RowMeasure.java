package io.meshwork.internal.quality;

import io.meshwork.internal.predicate.FloatingLiteral;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** An aggregate of rows, independent of their order. Not thread-safe. */
public interface RowMeasure extends AutoCloseable {
  /**
   * Adds rows.
   *
   * @param rows the rows of the batch to add
   */
  void add(VectorBatch batch, RowMask rows);

  /** Adds everything from another measure of the same kind and column. */
  void add(RowMeasure other);

  /** Returns true if it has to see all values, so that measures of parts do not add up. */
  default boolean seesAllValues() {
    return false;
  }

  /**
   * Returns what it measured, in a form that another process adds.
   *
   * @throws IllegalStateException for a measure that {@link #seesAllValues}
   */
  default Serializable counts() {
    throw new IllegalStateException(this + " cannot be added to another");
  }

  /** Adds what another measure of the same kind and column measured. */
  default void add(Serializable counts) {
    throw new IllegalStateException("another cannot be added to " + this);
  }

  /** Returns the result for all rows so far; more rows may be added afterwards. */
  MeasuredValue result();

  /**
   * Returns true if rows that were added before can make it unnecessary to read a file: they should
   * be added first.
   */
  default boolean prunesFiles() {
    return false;
  }

  /** Releases resources outside of memory. */
  @Override
  default void close() {
    // Most measures hold no resources.
  }

  /**
   * The result of a measure. Immutable.
   *
   * @param value BigDecimal if exact or rounded to 40 digits, Integer or Long in the unit of the
   *     column for times, Double for floating-point numbers; null if there is none
   * @param gap why the value is unknown; empty if it is known, or if there were no values
   * @param nanCount number of NaN, which are excluded
   */
  record MeasuredValue(@Nullable Object value, String gap, long nanCount) {
    public static MeasuredValue of(Object value, long nanCount) {
      return new MeasuredValue(value, "", nanCount);
    }

    /** Returns the result of a measure without values. */
    public static MeasuredValue empty(long nanCount) {
      return new MeasuredValue(null, "", nanCount);
    }

    /** Returns an unknown result; the reason contains no field value. */
    public static MeasuredValue unknown(String why) {
      return new MeasuredValue(null, why, 0);
    }

    /** Returns true if there were no values, as for the mean of no value. */
    public boolean isEmpty() {
      return value == null && gap.isEmpty();
    }

    /** Returns the number as displayed; empty if there is none. */
    public OptionalDouble asDouble() {
      return value == null
          ? OptionalDouble.empty()
          : OptionalDouble.of(((Number) value).doubleValue());
    }

    /**
     * Returns true if the number is within a range, inclusive, by exact comparison; see {@link
     * FloatingLiteral} for the meaning of bounds for floating-point numbers. NaN is within no
     * range.
     *
     * @param low null for an open end
     * @param high null for an open end
     * @throws IllegalStateException if no value was measured
     */
    public boolean isWithin(@Nullable BigDecimal low, @Nullable BigDecimal high) {
      if (value == null) {
        throw new IllegalStateException("no value was measured");
      }
      if (value instanceof Double number) {
        return !number.isNaN()
            && (low == null || number >= FloatingLiteral.ceiling(low, false))
            && (high == null || number <= FloatingLiteral.floor(high, false));
      }
      BigDecimal exact = exact(value);
      return (low == null || exact.compareTo(low) >= 0)
          && (high == null || exact.compareTo(high) <= 0);
    }

    private static BigDecimal exact(Object value) {
      if (value instanceof BigDecimal decimal) {
        return decimal;
      }
      return BigDecimal.valueOf(((Number) value).longValue());
    }
  }
}
