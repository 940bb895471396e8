package io.meshwork.columnar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some thousand rows as columns: the fastest way to write and read rows. Valid until the next batch
 * is requested, by {@code next()} or {@code hasNext()} of its iterator, even if none follows; from
 * then on, its values throw {@code IllegalStateException}. {@code Publish.batches} publishes it.
 * Columns have the names of {@link #columns()}, and rows the numbers from 0; another name throws
 * {@code IllegalArgumentException}, and another number {@code IndexOutOfBoundsException}. Not
 * thread-safe.
 */
public interface ColumnBatch {
  /** Returns the number of rows. */
  int rows();

  /** Returns the names of the columns, in order. */
  List<String> columns();

  /**
   * Returns a column, to ask for many of its values. The methods below find the column by its name
   * each time, which takes longer than the value.
   */
  ColumnVector column(String name);

  /** Returns true if the value is null. */
  boolean isNull(String column, int row);

  /**
   * Returns an int or a long, or a date or time as stored: days since 1970-01-01, microseconds
   * since midnight, microseconds since 1970-01-01T00:00, or for timestamps in nanoseconds these.
   * Creates no object. Throws {@code IllegalArgumentException} for a null and for other types.
   */
  long longAt(String column, int row);

  /**
   * Returns a double, float, int, or long as double. Creates no object. Throws {@code
   * IllegalArgumentException} for a null and for other types.
   */
  double doubleAt(String column, int row);

  /**
   * Returns a value in its Java class: Boolean, Integer, Long, Float, Double, String, ByteBuffer
   * (bytes and fixed), UUID, BigDecimal, LocalDate, LocalTime, Instant, or LocalDateTime; for a
   * struct a map from field to value, for a list a list, for a map a map, all in order; null for a
   * null.
   */
  @Nullable Object valueAt(String column, int row);

  /**
   * One column of a {@link ColumnBatch}, found by its name once instead of for each value. Valid as
   * long as its batch; from then on, its values throw {@code IllegalStateException}. Rows have the
   * numbers from 0; another one throws {@code IndexOutOfBoundsException}. Not thread-safe.
   */
  interface ColumnVector {
    /** Returns the number of rows. */
    int rows();

    /** Returns the number of nulls; if it is 0, no row needs {@link #isNull}. */
    int nullCount();

    /** Returns true if the value is null. */
    boolean isNull(int row);

    /**
     * Returns an int or a long, or a date or time as stored: days since 1970-01-01, microseconds
     * since midnight, microseconds since 1970-01-01T00:00, or for timestamps in nanoseconds these.
     * Creates no object. Throws {@code IllegalArgumentException} for a null and for other types.
     */
    long longAt(int row);

    /**
     * Returns a double, float, int, or long as double. Creates no object. Throws {@code
     * IllegalArgumentException} for a null and for other types.
     */
    double doubleAt(int row);

    /**
     * Returns a value in its Java class, as {@link ColumnBatch#valueAt}; null for a null. A text
     * that a dictionary repeats is decoded once.
     */
    @Nullable Object valueAt(int row);
  }
}
