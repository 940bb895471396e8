package io.meshwork.internal.columnar;

import java.util.Arrays;

/** A {@link Vector} of {@code double}. */
public final class DoubleVector extends Vector {
  private double[] values = new double[1024];

  /** Adds a value. */
  public void append(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** The value at a row; 0d where it is null. */
  public double get(int row) {
    return values[row];
  }

  /** All values; only the first {@link #size()} count. Not to be kept or written. */
  public double[] values() {
    return values;
  }

  /**
   * The array with room for this many rows more. The caller writes them from {@link #size()} on and
   * then calls {@link #extended}; slots left alone hold old values.
   */
  double[] room(int rows) {
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
  protected void appendValueFrom(Vector other, int row) {
    append(((DoubleVector) other).values[row]);
  }
}
