package io.meshwork.internal.vector;

import java.util.List;

/**
 * A {@link Vector} of structs: row {@code i} consists of row {@code i} of each child. A null struct
 * has a null slot in every child. To fill it, append to each child, then call {@link #append()}.
 */
public final class StructVector extends Vector {
  private final List<Vector> children;

  /** Creates an empty vector over empty children, one per field, in the order of the fields. */
  public StructVector(List<Vector> children) {
    this.children = List.copyOf(children);
  }

  /** Returns the vectors of the fields. */
  public List<Vector> children() {
    return children;
  }

  public Vector child(int field) {
    return children.get(field);
  }

  /** Completes a struct, after one value was appended to each child. */
  public void append() {
    size++;
    for (Vector child : children) {
      if (child.size() != size) {
        throw new IllegalStateException(
            "a field of a struct has " + child.size() + " values instead of " + size);
      }
    }
  }

  /** Completes this many structs, after as many values were appended to each child. */
  public void append(int structs) {
    size += structs - 1;
    append();
  }

  @Override
  public void truncate(int rows) {
    super.truncate(rows);
    children.forEach(child -> child.truncate(rows));
  }

  @Override
  public void reset() {
    super.reset();
    children.forEach(Vector::reset);
  }

  @Override
  public StructVector flat() {
    if (children.stream().allMatch(child -> child.flat() == child)) {
      return this;
    }
    return withChildren(children.stream().map(Vector::flat).toList());
  }

  /** Returns the same structs with other children of the same number of rows. */
  public StructVector withChildren(List<Vector> fields) {
    StructVector result = new StructVector(fields);
    copyNullsTo(result);
    return result;
  }

  @Override
  public StructVector newEmpty() {
    return new StructVector(children.stream().map(Vector::newEmpty).toList());
  }

  @Override
  protected void appendZero() {
    children.forEach(Vector::appendNull);
    size++;
  }

  @Override
  public long byteSize() {
    return children.stream().mapToLong(Vector::byteSize).sum();
  }

  @Override
  public long variableByteSize() {
    return children.stream().mapToLong(Vector::variableByteSize).sum();
  }

  @Override
  protected void fillZeros(int rows) {
    children.forEach(child -> child.appendNulls(rows));
  }

  @Override
  void spreadValues(NullGaps gaps) {
    throw new IllegalStateException("structs are assembled from their fields");
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    StructVector structs = (StructVector) other;
    for (int i = 0; i < children.size(); i++) {
      children.get(i).appendFrom(structs.children.get(i), row);
    }
    size++;
  }
}
