package io.meshwork.internal.ingest;

import java.util.Arrays;
import java.util.stream.LongStream;

/** The hashes of rows, each as often as it occurs. Not thread-safe. */
public final class HashMultiset {
  private static final int FIRST_CAPACITY = 1_024;

  private long[] hashes = new long[FIRST_CAPACITY];
  private int size;
  private boolean sorted = true;

  /** Adds a hash once. */
  public void add(long hash) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, size * 2);
    }
    hashes[size++] = hash;
    sorted = false;
  }

  /** Adds the hashes to another set that it has more often than a third one. */
  public void addMissingFrom(HashMultiset other, HashMultiset missing) {
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

  /** The hashes, each as often as it occurs, in ascending order. */
  public LongStream stream() {
    sort();
    return Arrays.stream(hashes, 0, size);
  }

  /** True if it has a hash at least once. */
  public boolean contains(long hash) {
    sort();
    return Arrays.binarySearch(hashes, 0, size, hash) >= 0;
  }

  /** The number of hashes, each counted as often as it occurs. */
  public int size() {
    return size;
  }
}
