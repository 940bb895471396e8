package io.meshwork.internal.uniqueness;

import org.jspecify.annotations.Nullable;

/**
 * Finds the hashes that occur more than once. All hashes are added, and then again. The first time,
 * each sets two bits of one word of a filter that fits the cache; the few hashes whose bits are
 * already set are suspects. The second time, the suspects are counted. Not thread-safe.
 */
final class RepeatedHashes {
  /** The bits of the filter per hash, at least, and at most twice as many. */
  private static final int BITS_PER_HASH = 16;

  private static final int LEAST_BITS = 10;
  private static final int MOST_BITS = 32;

  /** Selects the word of a filter from the upper bits of a hash, and two of its bits from these. */
  private static final int FIRST_BIT = 20;

  private static final int SECOND_BIT = 26;
  private static final int WORD_BITS = 6;

  private final long mask;
  private final long value;
  private final LongHashSet suspects;
  private final LongHashSet seen;
  private final LongHashSet repeated;
  private long[] filter;
  private boolean again;

  /**
   * Creates an empty collection.
   *
   * @param slice the hashes that count
   * @param records the number of hashes
   * @param maxMemory the memory without the filter, in bytes
   */
  RepeatedHashes(HashSlice slice, long records, long maxMemory) {
    this.mask = slice.mask();
    this.value = slice.value();
    this.filter = filter(records * BITS_PER_HASH);
    this.suspects = new LongHashSet(0, maxMemory / 3);
    this.seen = new LongHashSet(0, maxMemory / 3);
    this.repeated = new LongHashSet(0, maxMemory / 3);
  }

  /** Returns the memory of a filter for so many hashes, in bytes. */
  static long memory(long hashes) {
    return hashes * BITS_PER_HASH * 2 / Byte.SIZE;
  }

  private static long[] filter(long least) {
    int bits = LEAST_BITS;
    while (bits < MOST_BITS && 1L << bits < least) {
      bits++;
    }
    return new long[1 << (bits - WORD_BITS)];
  }

  private static int shift(long[] filter) {
    return Long.numberOfLeadingZeros(filter.length) + 1;
  }

  private static long bits(long hash) {
    return 1L << (hash >>> FIRST_BIT) | 1L << (hash >>> SECOND_BIT);
  }

  /** Adds hashes for the first time. */
  void add(long[] hashes) {
    long[] words = filter;
    int shift = shift(words);
    for (long hash : hashes) {
      if ((hash & mask) == value) {
        int word = (int) (hash >>> shift);
        long bits = bits(hash);
        long before = words[word];
        words[word] = before | bits;
        if ((before & bits) == bits) {
          suspect(hash);
        }
      }
    }
  }

  private void suspect(long hash) {
    if (!suspects.add(hash) && !suspects.isFull()) {
      repeated.add(hash);
    }
  }

  /** Adds hashes for the second time, after all were added once. */
  void addAgain(long[] hashes) {
    if (!again) {
      again = true;
      filter = filter(Math.min(filter.length * (long) Long.SIZE, suspects.size() * Long.SIZE));
      suspects.each(hash -> filter[(int) (hash >>> shift(filter))] |= bits(hash));
    }
    if (suspects.size() == 0 || isFull()) {
      return;
    }
    long[] words = filter;
    int shift = shift(words);
    for (long hash : hashes) {
      long bits = bits(hash);
      if ((words[(int) (hash >>> shift)] & bits) == bits
          && (hash & mask) == value
          && suspects.contains(hash)
          && !seen.add(hash)
          && !seen.isFull()) {
        repeated.add(hash);
      }
    }
  }

  private boolean isFull() {
    return suspects.isFull() || seen.isFull() || repeated.isFull();
  }

  /** Returns the hashes that occur more than once; null if they exceed the memory. */
  @Nullable LongHashSet repeated() {
    return isFull() ? null : repeated;
  }
}
