package io.meshwork.internal.columnar;

import java.util.Arrays;

/**
 * A {@link Vector} of lists, whose elements lie end to end in one vector. A null or empty list has
 * no element. Fill it by appending to {@link #elements()}, then {@link #append()}.
 */
public final class ListVector extends Vector {
  private final Vector elements;
  private int[] offsets = new int[1025];

  /** An empty vector over an empty vector of elements. */
  public ListVector(Vector elements) {
    this.elements = elements;
  }

  /** The elements of all lists. */
  public Vector elements() {
    return elements;
  }

  /** Ends a list; its elements are those appended since the one before. */
  public void append() {
    if (size + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
    }
    offsets[++size] = elements.size();
  }

  /** Where the elements of a row begin in {@link #elements()}. */
  public int start(int row) {
    return offsets[row];
  }

  /** How many elements a row has; 0 where it is null. */
  public int length(int row) {
    return offsets[row + 1] - offsets[row];
  }

  /** The row that an element belongs to. */
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
   * The offsets with room for this many rows more. The caller writes the ends of rows from {@code
   * size() + 1} on and then calls {@link #extended}.
   */
  int[] room(int rows) {
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

  /** The same lists with other elements, as many as these. */
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
