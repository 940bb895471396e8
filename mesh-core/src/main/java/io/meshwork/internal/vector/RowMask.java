package io.meshwork.internal.vector;

import java.util.Arrays;

/** A set of row numbers of one batch, as a bit set. Grows as needed. Not thread-safe. */
public final class RowMask {
  private long[] words;

  /** Creates an empty set with capacity for this many rows. */
  public RowMask(int rows) {
    words = new long[(rows + 63) >>> 6];
  }

  public void set(int row) {
    int word = row >>> 6;
    if (word >= words.length) {
      words = Arrays.copyOf(words, Math.max(word + 1, words.length * 2));
    }
    words[word] |= 1L << row;
  }

  /** Adds the rows from {@code from} up to {@code to}, exclusive. */
  void set(int from, int to) {
    int least = (to + 63) >>> 6;
    if (least > words.length) {
      words = Arrays.copyOf(words, Math.max(least, words.length * 2));
    }
    for (int row = from; row < to; ) {
      int word = row >>> 6;
      int end = Math.min(to, (word + 1) << 6);
      words[word] |= (-1L << row) & (-1L >>> -end);
      row = end;
    }
  }

  /** Adds the rows from {@code first} on whose definition level is lower, without a branch. */
  void setBelow(int first, int rows, int[] levels, int maxDefinitionLevel) {
    int least = (first + rows + 63) >>> 6;
    if (least > words.length) {
      words = Arrays.copyOf(words, Math.max(least, words.length * 2));
    }
    for (int i = 0; i < rows; ) {
      int bit = (first + i) & 63;
      int end = Math.min(64 - bit, rows - i);
      long bits = 0;
      for (int k = 0; k < end; k++) {
        bits |= (levels[i + k] == maxDefinitionLevel ? 0L : 1L) << (bit + k);
      }
      words[(first + i) >>> 6] |= bits;
      i += end;
    }
  }

  /** Returns true if the row is in the set. */
  public boolean get(int row) {
    int word = row >>> 6;
    return word < words.length && (words[word] & (1L << row)) != 0;
  }

  /** Removes a row and all rows after it; returns the number of removed rows. */
  int truncate(int from) {
    int removed = 0;
    for (int row = next(from); row >= 0; row = next(row + 1)) {
      words[row >>> 6] &= ~(1L << row);
      removed++;
    }
    return removed;
  }

  /** Removes all rows. */
  public void clear() {
    Arrays.fill(words, 0);
  }

  /** Adds all rows of another set. */
  public void or(RowMask other) {
    if (other.words.length > words.length) {
      words = Arrays.copyOf(words, other.words.length);
    }
    for (int i = 0; i < other.words.length; i++) {
      words[i] |= other.words[i];
    }
  }

  /** Retains only rows that are also in the other set. */
  public void and(RowMask other) {
    for (int i = 0; i < words.length; i++) {
      words[i] &= i < other.words.length ? other.words[i] : 0;
    }
  }

  /** Complements the rows from 0 to {@code rows - 1}. */
  public void flip(int rows) {
    int whole = rows >>> 6;
    if (words.length < (rows + 63) >>> 6) {
      words = Arrays.copyOf(words, (rows + 63) >>> 6);
    }
    for (int i = 0; i < whole; i++) {
      words[i] = ~words[i];
    }
    if ((rows & 63) != 0) {
      words[whole] ^= (1L << (rows & 63)) - 1;
    }
  }

  /**
   * Sets 64 rows at once: row {@code 64 * word + i} is in the set if bit {@code i} is set. For
   * loops that evaluate many rows; the word must be within the initial capacity.
   */
  public void setWord(int word, long bits) {
    words[word] = bits;
  }

  /** Removes all rows of another set. */
  public void andNot(RowMask other) {
    for (int i = 0; i < Math.min(words.length, other.words.length); i++) {
      words[i] &= ~other.words[i];
    }
  }

  /** Returns the number of rows in the set. */
  public int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /** Returns true if the set is empty. */
  public boolean isEmpty() {
    for (long word : words) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the first row in the set at or after this one, or -1. */
  public int next(int from) {
    int word = from >>> 6;
    if (word >= words.length) {
      return -1;
    }
    long bits = words[word] & (-1L << from);
    while (bits == 0) {
      if (++word == words.length) {
        return -1;
      }
      bits = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /** Returns the row numbers in the set, ascending. */
  public int[] numbers() {
    int[] numbers = new int[count()];
    int n = 0;
    for (int row = next(0); row >= 0; row = next(row + 1)) {
      numbers[n++] = row;
    }
    return numbers;
  }

  /** Returns the numbers from 0 to {@code rows - 1} that are not in the set, ascending. */
  public int[] complement(int rows) {
    int[] retained = new int[rows - countBelow(rows)];
    int n = 0;
    for (int row = 0; row < rows; row++) {
      if (!get(row)) {
        retained[n++] = row;
      }
    }
    return retained;
  }

  private int countBelow(int rows) {
    int count = 0;
    for (int row = next(0); row >= 0 && row < rows; row = next(row + 1)) {
      count++;
    }
    return count;
  }
}
