package io.meshwork.internal.vector;

import java.util.Arrays;

/** A {@link Vector} of {@code long}. */
public final class LongVector extends Vector {
  private long[] values = new long[1024];

  public void append(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** Returns the value at a row; 0L if it is null. */
  public long get(int row) {
    return values[row];
  }

  /**
   * Returns the backing array; its first {@link #size()} values are valid. Must not be retained or
   * modified.
   */
  public long[] values() {
    return values;
  }

  /**
   * Returns the backing array with capacity for this many more rows. The caller writes values from
   * {@link #size()} on and then calls {@link #extended}; unwritten slots contain stale values.
   */
  public long[] ensureCapacity(int rows) {
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
  protected void fillZeros(int rows) {
    Arrays.fill(ensureCapacity(rows), size, size + rows, 0L);
  }

  @Override
  void spreadValues(NullGaps gaps) {
    gaps.spread(ensureCapacity(gaps.count()));
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    append(((LongVector) other).values[row]);
  }
}
