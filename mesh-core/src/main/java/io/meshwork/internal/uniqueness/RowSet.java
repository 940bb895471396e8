package io.meshwork.internal.uniqueness;

import java.util.HashMap;
import java.util.Map;

/** A sparse bit set of row numbers; empty ranges take no memory. */
public final class RowSet {
  private static final int WORDS = 1 << 10;

  private final Map<Long, long[]> parts = new HashMap<>();

  /** Adds a row; returns false if it was present. */
  public boolean add(long row) {
    long[] words = parts.computeIfAbsent(row / (WORDS * Long.SIZE), part -> new long[WORDS]);
    int word = (int) (row / Long.SIZE % WORDS);
    long before = words[word];
    words[word] |= 1L << row;
    return words[word] != before;
  }

  boolean contains(long row) {
    long[] words = parts.isEmpty() ? null : parts.get(row / (WORDS * Long.SIZE));
    return words != null && (words[(int) (row / Long.SIZE % WORDS)] & 1L << row) != 0;
  }
}
