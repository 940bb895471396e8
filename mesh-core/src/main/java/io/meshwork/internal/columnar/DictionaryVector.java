package io.meshwork.internal.columnar;

import java.util.Arrays;

/**
 * A {@link Vector} whose values are codes into a dictionary that is shared by many rows. Rules may
 * judge each entry once instead of each row.
 */
public final class DictionaryVector extends Vector {
  private final Vector dictionary;
  private int[] codes = new int[1024];

  /** An empty vector over a dictionary without nulls; the dictionary may grow meanwhile. */
  public DictionaryVector(Vector dictionary) {
    this.dictionary = dictionary;
  }

  /** Adds the dictionary's entry at a code. */
  public void append(int code) {
    if (size == codes.length) {
      codes = Arrays.copyOf(codes, size * 2);
    }
    codes[size++] = code;
  }

  /** The code at a row; 0 where it is null. */
  public int code(int row) {
    return codes[row];
  }

  /** All codes; only the first {@link #size()} count. Not to be kept or written. */
  public int[] codes() {
    return codes;
  }

  /**
   * The codes with room for this many rows more. The caller writes them from {@link #size()} on and
   * then calls {@link #extended}; slots left alone hold old codes.
   */
  int[] room(int rows) {
    if (codes.length - size < rows) {
      codes = Arrays.copyOf(codes, Math.max(size + rows, codes.length * 2));
    }
    return codes;
  }

  /** The entries. */
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
        result.appendFrom(dictionary, codes[row]);
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
  protected void appendValueFrom(Vector other, int row) {
    DictionaryVector coded = (DictionaryVector) other;
    if (coded.dictionary != dictionary) {
      throw new IllegalArgumentException("the vectors have different dictionaries");
    }
    append(coded.codes[row]);
  }
}
