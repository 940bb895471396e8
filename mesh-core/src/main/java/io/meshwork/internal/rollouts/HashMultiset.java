package io.meshwork.internal.rollouts;

import java.util.Arrays;

/** The hashes of rows, each as often as it occurs. Not thread-safe. */
final class HashMultiset {
  private static final int FIRST_CAPACITY = 1_024;

  private long[] hashes = new long[FIRST_CAPACITY];
  private int size;
  private boolean sorted = true;

  void add(long hash) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, size * 2);
    }
    hashes[size++] = hash;
    sorted = false;
  }

  /** Adds the hashes to another set that it has more often than a third one. */
  void addMissingFrom(HashMultiset other, HashMultiset missing) {
    sort();
    other.sort();
    int theirs = 0;
    for (int own = 0; own < size; own++) {
      while (theirs < other.size && other.hashes[theirs] < hashes[own]) {
        theirs++;
      }
      if (theirs < other.size && other.hashes[theirs] == hashes[own]) {
        theirs++;
      } else {
        missing.add(hashes[own]);
      }
    }
  }

  private void sort() {
    if (!sorted) {
      Arrays.sort(hashes, 0, size);
      sorted = true;
    }
  }

  /** True if it has a hash at least once. */
  boolean contains(long hash) {
    sort();
    return Arrays.binarySearch(hashes, 0, size, hash) >= 0;
  }

  int size() {
    return size;
  }
}
