package io.meshwork.internal.columnar;

import java.util.Arrays;

/**
 * A {@link Vector} of lists, whose elements are stored contiguously in one vector. A null or empty
 * list has no element. To fill it, append to {@link #elements()}, then call {@link #append()}.
 */
public final class ListVector extends Vector {
  private final Vector elements;
  private int[] offsets = new int[1025];

  /** Creates an empty vector over an empty vector of elements. */
  public ListVector(Vector elements) {
    this.elements = elements;
  }

  /** Returns the elements of all lists. */
  public Vector elements() {
    return elements;
  }

  /** Completes a list of the elements that were appended since the previous one. */
  public void append() {
    if (size + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
    }
    offsets[++size] = elements.size();
  }

  /** Returns the index of a row's first element in {@link #elements()}. */
  public int start(int row) {
    return offsets[row];
  }

  /** Returns the number of elements of a row; 0 if it is null. */
  public int length(int row) {
    return offsets[row + 1] - offsets[row];
  }

  /** Returns the row that contains an element. */
  public int owner(int element) {
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (offsets[middle] <= element) {
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
  int[] ensureCapacity(int rows) {
    if (offsets.length - size - 1 < rows) {
      offsets = Arrays.copyOf(offsets, Math.max(size + rows + 1, offsets.length * 2));
    }
    return offsets;
  }

  @Override
  public void truncate(int rows) {
    super.truncate(rows);
    elements.truncate(offsets[rows]);
  }

  @Override
  public void reset() {
    super.reset();
    elements.reset();
  }

  @Override
  public ListVector flat() {
    Vector flat = elements.flat();
    if (flat == elements) {
      return this;
    }
    return withElements(flat);
  }

  /** Returns the same lists with other elements, of the same number. */
  public ListVector withElements(Vector others) {
    ListVector result = new ListVector(others);
    result.offsets = Arrays.copyOf(offsets, size + 2);
    copyNullsTo(result);
    return result;
  }

  @Override
  public ListVector newEmpty() {
    return new ListVector(elements.newEmpty());
  }

  @Override
  protected void appendZero() {
    append();
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    ListVector lists = (ListVector) other;
    int end = lists.start(row) + lists.length(row);
    for (int i = lists.start(row); i < end; i++) {
      elements.appendFrom(lists.elements, i);
    }
    append();
  }
}
