package io.meshwork.internal.vector;

import java.util.Arrays;

/**
 * A {@link Vector} whose values are indices into a dictionary that many rows share. Rules may
 * evaluate each entry once instead of each row.
 */
public final class DictionaryVector extends Vector {
  private final Vector dictionary;
  private int[] indices = new int[1024];

  /** Creates an empty vector over a dictionary without nulls, which may still grow. */
  public DictionaryVector(Vector dictionary) {
    this.dictionary = dictionary;
  }

  /** Appends the dictionary entry with this index. */
  public void append(int index) {
    if (size == indices.length) {
      indices = Arrays.copyOf(indices, size * 2);
    }
    indices[size++] = index;
  }

  /** Returns the dictionary index of a row; 0 if it is null. */
  public int index(int row) {
    return indices[row];
  }

  /**
   * Returns the backing array of indices, of which the first {@link #size()} are valid. Must not be
   * retained or modified.
   */
  public int[] indices() {
    return indices;
  }

  /**
   * Returns the indices with capacity for this many more rows. The caller writes them from {@link
   * #size()} on and then calls {@link #extended}; unwritten slots contain stale indices.
   */
  public int[] ensureCapacity(int rows) {
    if (indices.length - size < rows) {
      indices = Arrays.copyOf(indices, Math.max(size + rows, indices.length * 2));
    }
    return indices;
  }

  /** Returns the entries. */
  public Vector dictionary() {
    return dictionary;
  }

  @Override
  public Vector flat() {
    Vector result = dictionary.newEmpty();
    for (int row = 0; row < size; row++) {
      if (isNull(row)) {
        result.appendNull();
      } else {
        result.appendFrom(dictionary, indices[row]);
      }
    }
    return result;
  }

  @Override
  public DictionaryVector newEmpty() {
    return new DictionaryVector(dictionary);
  }

  @Override
  protected void appendZero() {
    append(0);
  }

  @Override
  protected void fillZeros(int rows) {
    Arrays.fill(ensureCapacity(rows), size, size + rows, 0);
  }

  @Override
  void spreadValues(NullGaps gaps) {
    gaps.spread(ensureCapacity(gaps.count()));
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    DictionaryVector encoded = (DictionaryVector) other;
    if (encoded.dictionary != dictionary) {
      throw new IllegalArgumentException("the vectors have different dictionaries");
    }
    append(encoded.indices[row]);
  }
}
