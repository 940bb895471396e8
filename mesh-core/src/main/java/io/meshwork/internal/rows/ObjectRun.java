package io.meshwork.internal.rows;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values of successive rows that are appended at once: the non-null values without gaps, and which
 * rows have one. Whether a row has one is tested once, because it cannot be predicted. Not
 * thread-safe.
 */
final class ObjectRun {
  private Object[] values;
  private int count;
  private int[] levels;
  private int rows;

  ObjectRun(int expected) {
    values = new Object[expected];
    levels = new int[expected];
  }

  /** Creates a run of as many rows as there are levels, which it retains. */
  ObjectRun(Object[] values, int count, int[] levels) {
    this.values = values;
    this.count = count;
    this.levels = levels;
    this.rows = levels.length;
  }

  /** Adds the value of the next row. */
  void add(@Nullable Object value) {
    if (rows == levels.length) {
      int capacity = Math.max(16, 2 * rows);
      values = Arrays.copyOf(values, capacity);
      levels = Arrays.copyOf(levels, capacity);
    }
    if (value != null) {
      levels[rows] = 1;
      values[count++] = value;
    }
    rows++;
  }

  /** Adds the value of the next row, or the content of an Optional. */
  void addContent(@Nullable Object value) {
    add(content(value));
  }

  /** Returns the content of an Optional, or any other value itself. */
  static @Nullable Object content(@Nullable Object value) {
    return value instanceof Optional<?> optional ? optional.orElse(null) : value;
  }

  /** Returns the values other than null; the first {@link #count()} are valid. */
  Object[] values() {
    return values;
  }

  /** Returns the number of values other than null. */
  int count() {
    return count;
  }

  /** Returns the number of rows. */
  int rows() {
    return rows;
  }

  /** Returns 1 for each row that has a value, and 0 for the others. */
  int[] levels() {
    return levels;
  }

  /** Returns true if a row has no value. */
  boolean isNull(int row) {
    return levels[row] == 0;
  }

  /** Returns true if any row has no value. */
  boolean hasNulls() {
    return count < rows;
  }
}
