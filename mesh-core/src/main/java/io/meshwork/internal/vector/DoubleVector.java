package io.meshwork.internal.vector;

import java.util.Arrays;

/** A {@link Vector} of {@code double}. */
public final class DoubleVector extends Vector {
  private double[] values = new double[1024];

  public void append(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** Returns the value at a row; 0d if it is null. */
  public double get(int row) {
    return values[row];
  }

  /**
   * Returns the backing array; its first {@link #size()} values are valid. Must not be retained or
   * modified.
   */
  public double[] values() {
    return values;
  }

  /**
   * Returns the backing array with capacity for this many more rows. The caller writes values from
   * {@link #size()} on and then calls {@link #extended}; unwritten slots contain stale values.
   */
  public double[] ensureCapacity(int rows) {
    if (values.length - size < rows) {
      values = Arrays.copyOf(values, Math.max(size + rows, values.length * 2));
    }
    return values;
  }

  @Override
  public DoubleVector newEmpty() {
    return new DoubleVector();
  }

  @Override
  protected void appendZero() {
    append(0d);
  }

  @Override
  protected void fillZeros(int rows) {
    Arrays.fill(ensureCapacity(rows), size, size + rows, 0d);
  }

  @Override
  void spreadValues(NullGaps gaps) {
    gaps.spread(ensureCapacity(gaps.count()));
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    append(((DoubleVector) other).values[row]);
  }
}
