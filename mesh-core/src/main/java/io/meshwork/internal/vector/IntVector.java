package io.meshwork.internal.vector;

import java.util.Arrays;

/** A {@link Vector} of {@code int}. */
public final class IntVector extends Vector {
  private int[] values = new int[1024];

  public void append(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** Returns the value at a row; 0 if it is null. */
  public int get(int row) {
    return values[row];
  }

  /**
   * Returns the backing array; its first {@link #size()} values are valid. Must not be retained or
   * modified.
   */
  public int[] values() {
    return values;
  }

  /**
   * Returns the backing array with capacity for this many more rows. The caller writes values from
   * {@link #size()} on and then calls {@link #extended}; unwritten slots contain stale values.
   */
  public int[] ensureCapacity(int rows) {
    if (values.length - size < rows) {
      values = Arrays.copyOf(values, Math.max(size + rows, values.length * 2));
    }
    return values;
  }

  @Override
  public IntVector newEmpty() {
    return new IntVector();
  }

  @Override
  protected void appendZero() {
    append(0);
  }

  @Override
  protected void fillZeros(int rows) {
    Arrays.fill(ensureCapacity(rows), size, size + rows, 0);
  }

  @Override
  void spreadValues(NullGaps gaps) {
    gaps.spread(ensureCapacity(gaps.count()));
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    append(((IntVector) other).values[row]);
  }
}
