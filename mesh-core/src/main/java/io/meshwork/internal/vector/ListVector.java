package io.meshwork.internal.vector;

/**
 * A {@link Vector} of lists, whose elements are stored contiguously in one vector: {@link #length}
 * elements of a row, from {@link #start} on. A null or empty list has no element. To fill it,
 * append to {@link #elements()}, then call {@link #append()}.
 */
public final class ListVector extends RepeatedVector {
  private final Vector elements;

  /** Creates an empty vector over an empty vector of elements. */
  public ListVector(Vector elements) {
    this.elements = elements;
  }

  public Vector elements() {
    return elements;
  }

  /** Completes a list of the elements that were appended since the previous one. */
  public void append() {
    appendEnd(elements.size());
  }

  @Override
  public void truncate(int rows) {
    super.truncate(rows);
    elements.truncate(start(rows));
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
    copyRowsTo(result);
    return result;
  }

  @Override
  public ListVector newEmpty() {
    return new ListVector(elements.newEmpty());
  }

  @Override
  public long byteSize() {
    return 4L * size + elements.byteSize();
  }

  @Override
  public long variableByteSize() {
    return 8L * elements.size() + elements.variableByteSize();
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
