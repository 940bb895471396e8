package io.meshwork.internal.columnar;

import java.util.Arrays;

/** A {@link Vector} of {@code float}. */
public final class FloatVector extends Vector {
  private float[] values = new float[1024];

  /** Adds a value. */
  public void append(float value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** The value at a row; 0f where it is null. */
  public float get(int row) {
    return values[row];
  }

  /** All values; only the first {@link #size()} count. Not to be kept or written. */
  public float[] values() {
    return values;
  }

  /**
   * The array with room for this many rows more. The caller writes them from {@link #size()} on and
   * then calls {@link #extended}; slots left alone hold old values.
   */
  float[] room(int rows) {
    if (values.length - size < rows) {
      values = Arrays.copyOf(values, Math.max(size + rows, values.length * 2));
    }
    return values;
  }

  @Override
  public FloatVector newEmpty() {
    return new FloatVector();
  }

  @Override
  protected void appendZero() {
    append(0f);
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    append(((FloatVector) other).values[row]);
  }
}
