package io.meshwork.internal.vector;

import java.util.Arrays;

/**
 * A {@link Vector} whose rows have any number of values each, which are stored contiguously in
 * other vectors. A null or empty row has none.
 */
abstract sealed class RepeatedVector extends Vector permits ListVector, MapVector {
  private int[] offsets = new int[1025];

  /** Completes a row whose values end here. */
  final void appendEnd(int end) {
    if (size + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
    }
    offsets[++size] = end;
  }

  /** Returns the index of a row's first value. */
  public final int start(int row) {
    return offsets[row];
  }

  /** Returns the number of values of a row; 0 if it is null. */
  public final int length(int row) {
    return offsets[row + 1] - offsets[row];
  }

  /** Returns the row that contains a value. */
  public final int owner(int value) {
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (offsets[middle] <= value) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * Returns the offsets with capacity for this many more rows. The caller writes the ends of rows
   * from {@code size() + 1} on and then calls {@link #extended}.
   */
  public final int[] ensureCapacity(int rows) {
    if (offsets.length - size - 1 < rows) {
      offsets = Arrays.copyOf(offsets, Math.max(size + rows + 1, offsets.length * 2));
    }
    return offsets;
  }

  /** Copies the rows' offsets and nulls to another vector, whose values have the same number. */
  final void copyRowsTo(RepeatedVector other) {
    other.offsets = Arrays.copyOf(offsets, size + 2);
    copyNullsTo(other);
  }

  @Override
  protected final void fillZeros(int rows) {
    int[] ends = ensureCapacity(rows);
    Arrays.fill(ends, size + 1, size + rows + 1, ends[size]);
  }

  @Override
  final void spreadValues(NullGaps gaps) {
    throw new IllegalStateException("lists and maps are assembled from their values");
  }
}
