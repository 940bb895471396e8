package io.meshwork.columnar;

import org.jspecify.annotations.Nullable;

/**
 * One column of a {@link ColumnBatch}, found by its name once instead of for each value. Valid as
 * long as its batch; from then on, its values throw {@code IllegalStateException}. Rows have the
 * numbers from 0; another one throws {@code IndexOutOfBoundsException}. Not thread-safe.
 */
public interface ColumnVector {
  /** Returns the number of rows. */
  int rows();

  /** Returns the number of nulls; if it is 0, no row needs {@link #isNull}. */
  int nullCount();

  /** Returns true if the value is null. */
  boolean isNull(int row);

  /**
   * Returns an int or a long, or a date or time as it is stored: days since 1970-01-01,
   * microseconds since midnight, microseconds since 1970-01-01T00:00, or for timestamps in
   * nanoseconds these. Creates no object. Throws {@code IllegalArgumentException} for a null and
   * for other types.
   */
  long longAt(int row);

  /**
   * Returns a double, float, int, or long as double. Creates no object. Throws {@code
   * IllegalArgumentException} for a null and for other types.
   */
  double doubleAt(int row);

  /**
   * Returns a value in its Java class, as {@link ColumnBatch#valueAt}; null for a null. A text that
   * a dictionary repeats is decoded once.
   */
  @Nullable Object valueAt(int row);
}
