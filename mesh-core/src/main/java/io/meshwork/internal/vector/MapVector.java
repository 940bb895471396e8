package io.meshwork.internal.vector;

/**
 * A {@link Vector} of maps, whose keys and values are stored contiguously in two vectors of equal
 * length: {@link #length} entries of a row, from {@link #start} on. A null or empty map has no
 * entry; keys are never null. To fill it, append to {@link #keys()} and {@link #values()}, then
 * call {@link #append()}.
 */
public final class MapVector extends RepeatedVector {
  private final Vector keys;
  private final Vector values;

  /** Creates an empty vector over empty vectors of keys and values. */
  public MapVector(Vector keys, Vector values) {
    this.keys = keys;
    this.values = values;
  }

  public Vector keys() {
    return keys;
  }

  public Vector values() {
    return values;
  }

  /** Completes a map of the entries that were appended since the previous one. */
  public void append() {
    if (keys.size() != values.size()) {
      throw new IllegalStateException(
          "a map ends with " + keys.size() + " keys and " + values.size() + " values");
    }
    appendEnd(keys.size());
  }

  @Override
  public void truncate(int rows) {
    super.truncate(rows);
    keys.truncate(start(rows));
    values.truncate(start(rows));
  }

  @Override
  public void reset() {
    super.reset();
    keys.reset();
    values.reset();
  }

  @Override
  public MapVector flat() {
    Vector flatKeys = keys.flat();
    Vector flatValues = values.flat();
    if (flatKeys == keys && flatValues == values) {
      return this;
    }
    return withParts(flatKeys, flatValues);
  }

  /** Returns the same maps with other values, of the same number. */
  public MapVector withValues(Vector others) {
    return withParts(keys, others);
  }

  private MapVector withParts(Vector otherKeys, Vector otherValues) {
    MapVector result = new MapVector(otherKeys, otherValues);
    copyRowsTo(result);
    return result;
  }

  @Override
  public MapVector newEmpty() {
    return new MapVector(keys.newEmpty(), values.newEmpty());
  }

  @Override
  public long byteSize() {
    return 4L * size + keys.byteSize() + values.byteSize();
  }

  @Override
  public long variableByteSize() {
    return 16L * keys.size() + keys.variableByteSize() + values.variableByteSize();
  }

  @Override
  protected void appendZero() {
    append();
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    MapVector maps = (MapVector) other;
    int end = maps.start(row) + maps.length(row);
    for (int i = maps.start(row); i < end; i++) {
      keys.appendFrom(maps.keys, i);
      values.appendFrom(maps.values, i);
    }
    append();
  }
}
