package io.meshwork.internal.columnar;

import java.util.Arrays;

/** A {@link Vector} of {@code int}. */
public final class IntVector extends Vector {
  private int[] values = new int[1024];

  /** Adds a value. */
  public void append(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** The value at a row; 0 where it is null. */
  public int get(int row) {
    return values[row];
  }

  /** All values; only the first {@link #size()} count. Not to be kept or written. */
  public int[] values() {
    return values;
  }

  /**
   * The array with room for this many rows more. The caller writes them from {@link #size()} on and
   * then calls {@link #extended}; slots left alone hold old values.
   */
  int[] room(int rows) {
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
  protected void appendValueFrom(Vector other, int row) {
    append(((IntVector) other).values[row]);
  }
}
