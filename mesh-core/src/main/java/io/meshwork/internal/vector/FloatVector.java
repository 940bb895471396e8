package io.meshwork.internal.vector;

import java.util.Arrays;

/** A {@link Vector} of {@code float}. */
public final class FloatVector extends Vector {
  private float[] values = new float[1024];

  public void append(float value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** Returns the value at a row; 0f if it is null. */
  public float get(int row) {
    return values[row];
  }

  /**
   * Returns the backing array; its first {@link #size()} values are valid. Must not be retained or
   * modified.
   */
  public float[] values() {
    return values;
  }

  /**
   * Returns the backing array with capacity for this many more rows. The caller writes values from
   * {@link #size()} on and then calls {@link #extended}; unwritten slots contain stale values.
   */
  public float[] ensureCapacity(int rows) {
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
  protected void fillZeros(int rows) {
    Arrays.fill(ensureCapacity(rows), size, size + rows, 0f);
  }

  @Override
  void spreadValues(NullGaps gaps) {
    gaps.spread(ensureCapacity(gaps.count()));
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    append(((FloatVector) other).values[row]);
  }
}
