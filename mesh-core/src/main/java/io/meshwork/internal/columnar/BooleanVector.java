package io.meshwork.internal.columnar;

import java.util.Arrays;

/** A {@link Vector} of {@code boolean}. */
public final class BooleanVector extends Vector {
  private boolean[] values = new boolean[1024];

  /** Adds a value. */
  public void append(boolean value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** The value at a row; false where it is null. */
  public boolean get(int row) {
    return values[row];
  }

  /** All values; only the first {@link #size()} count. Not to be kept or written. */
  public boolean[] values() {
    return values;
  }

  /**
   * The array with room for this many rows more. The caller writes them from {@link #size()} on and
   * then calls {@link #extended}; slots left alone hold old values.
   */
  boolean[] room(int rows) {
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
  protected void appendValueFrom(Vector other, int row) {
    append(((BooleanVector) other).values[row]);
  }
}
