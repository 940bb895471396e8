package io.meshwork.internal.columnar;

import java.util.Arrays;

/** A {@link Vector} of {@code long}. */
public final class LongVector extends Vector {
  private long[] values = new long[1024];

  /** Adds a value. */
  public void append(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** The value at a row; 0L where it is null. */
  public long get(int row) {
    return values[row];
  }

  /** All values; only the first {@link #size()} count. Not to be kept or written. */
  public long[] values() {
    return values;
  }

  /**
   * The array with room for this many rows more. The caller writes them from {@link #size()} on and
   * then calls {@link #extended}; slots left alone hold old values.
   */
  long[] room(int rows) {
    if (values.length - size < rows) {
      values = Arrays.copyOf(values, Math.max(size + rows, values.length * 2));
    }
    return values;
  }

  @Override
  public LongVector newEmpty() {
    return new LongVector();
  }

  @Override
  protected void appendZero() {
    append(0L);
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    append(((LongVector) other).values[row]);
  }
}
