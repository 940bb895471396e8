package io.meshwork.internal.vector;

import java.util.Arrays;

/** A {@link Vector} of {@code boolean}. */
public final class BooleanVector extends Vector {
  private boolean[] values = new boolean[1024];

  public void append(boolean value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** Returns the value at a row; false if it is null. */
  public boolean get(int row) {
    return values[row];
  }

  /**
   * Returns the backing array; its first {@link #size()} values are valid. Must not be retained or
   * modified.
   */
  public boolean[] values() {
    return values;
  }

  /**
   * Returns the backing array with capacity for this many more rows. The caller writes values from
   * {@link #size()} on and then calls {@link #extended}; unwritten slots contain stale values.
   */
  public boolean[] ensureCapacity(int rows) {
    if (values.length - size < rows) {
      values = Arrays.copyOf(values, Math.max(size + rows, values.length * 2));
    }
    return values;
  }

  @Override
  public BooleanVector newEmpty() {
    return new BooleanVector();
  }

  @Override
  protected void appendZero() {
    append(false);
  }

  @Override
  protected void fillZeros(int rows) {
    Arrays.fill(ensureCapacity(rows), size, size + rows, false);
  }

  @Override
  void spreadValues(NullGaps gaps) {
    gaps.spread(ensureCapacity(gaps.count()));
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    append(((BooleanVector) other).values[row]);
  }
}
