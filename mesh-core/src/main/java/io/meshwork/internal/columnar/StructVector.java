package io.meshwork.internal.columnar;

import java.util.List;

/**
 * A {@link Vector} of structs: row {@code i} is made of row {@code i} of each child. A null struct
 * has a null slot in every child. Fill it by appending to each child, then {@link #append()}.
 */
public final class StructVector extends Vector {
  private final List<Vector> children;

  /** An empty vector over empty children, one a field, in the fields' order. */
  public StructVector(List<Vector> children) {
    this.children = List.copyOf(children);
  }

  /** The fields' vectors. */
  public List<Vector> children() {
    return children;
  }

  /** The vector of one field. */
  public Vector child(int field) {
    return children.get(field);
  }

  /** Ends a struct whose fields were appended to the children, one value each. */
  public void append() {
    size++;
    for (Vector child : children) {
      if (child.size() != size) {
        throw new IllegalStateException(
            "a struct ends with " + child.size() + " values of a field, not " + size);
      }
    }
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

  /** The same structs with other children of as many rows. */
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
  protected void appendValueFrom(Vector other, int row) {
    StructVector structs = (StructVector) other;
    for (int i = 0; i < children.size(); i++) {
      children.get(i).appendFrom(structs.children.get(i), row);
    }
    size++;
  }
}
