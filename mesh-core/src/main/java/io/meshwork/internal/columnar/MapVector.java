package io.meshwork.internal.columnar;

import java.util.Arrays;

/**
 * A {@link Vector} of maps, whose keys and values are stored contiguously in two vectors of equal
 * length. A null or empty map has no entry; keys are never null. To fill it, append to {@link
 * #keys()} and {@link #values()}, then call {@link #append()}.
 */
public final class MapVector extends Vector {
  private final Vector keys;
  private final Vector values;
  private int[] offsets = new int[1025];

  /** Creates an empty vector over empty vectors of keys and values. */
  public MapVector(Vector keys, Vector values) {
    this.keys = keys;
    this.values = values;
  }

  /** Returns the keys of all maps. */
  public Vector keys() {
    return keys;
  }

  /** Returns the values of all maps. */
  public Vector values() {
    return values;
  }

  /** Completes a map of the entries that were appended since the previous one. */
  public void append() {
    if (keys.size() != values.size()) {
      throw new IllegalStateException(
          "a map ends with " + keys.size() + " keys and " + values.size() + " values");
    }
    if (size + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
    }
    offsets[++size] = keys.size();
  }

  /** Returns the index of a row's first entry in {@link #keys()} and {@link #values()}. */
  public int start(int row) {
    return offsets[row];
  }

  /** Returns the number of entries of a row; 0 if it is null. */
  public int length(int row) {
    return offsets[row + 1] - offsets[row];
  }

  /** Returns the row that contains an entry. */
  public int owner(int entry) {
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (offsets[middle] <= entry) {
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
    keys.truncate(offsets[rows]);
    values.truncate(offsets[rows]);
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
    result.offsets = Arrays.copyOf(offsets, size + 2);
    copyNullsTo(result);
    return result;
  }

  @Override
  public MapVector newEmpty() {
    return new MapVector(keys.newEmpty(), values.newEmpty());
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
