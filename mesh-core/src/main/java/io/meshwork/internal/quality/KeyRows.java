package io.meshwork.internal.quality;

import java.util.Arrays;

/**
 * Which row each key was taken from, by the order of keys. Rows that follow each other are one run,
 * so that data without gaps takes no room; after many runs it forgets. Not thread-safe.
 */
final class KeyRows {
  /** The row is not known any more. */
  static final long UNKNOWN = -1;

  private static final int MOST_RUNS = 1 << 16;

  private long[] firstKeys = new long[8];
  private long[] firstRows = new long[8];
  private int runs;
  private long known;
  private boolean full;

  /** Notes the row of the next key. */
  void add(long row) {
    long ordinal = known;
    if (!full && runs > 0 && row - firstRows[runs - 1] == ordinal - firstKeys[runs - 1]) {
      known++;
      return;
    }
    if (full || runs == MOST_RUNS) {
      full = true;
      return;
    }
    if (runs == firstKeys.length) {
      firstKeys = Arrays.copyOf(firstKeys, runs * 2);
      firstRows = Arrays.copyOf(firstRows, runs * 2);
    }
    firstKeys[runs] = ordinal;
    firstRows[runs] = row;
    runs++;
    known++;
  }

  /** The row of a key by its place in the order, from 0, or {@link #UNKNOWN}. */
  long of(long ordinal) {
    if (ordinal >= known) {
      return UNKNOWN;
    }
    int found = Arrays.binarySearch(firstKeys, 0, runs, ordinal);
    int run = found >= 0 ? found : -found - 2;
    return firstRows[run] + (ordinal - firstKeys[run]);
  }
}
