package io.meshwork.internal.columnar;

import java.util.Arrays;

/**
 * Numbers to codes by order of first appearance, for one column chunk: open addressing over {@code
 * long} values, no object a value.
 */
final class NumberDictionaryEncoder {
  /** Numbers are cheap to hash, so that only a column without repetition is left at once. */
  private static final double SAMPLE_SHARE = 0.97;

  private long[] entries = new long[64];
  private int[] slots = new int[256];
  private int size;

  /** Entries so far. */
  int size() {
    return size;
  }

  long[] entries() {
    return entries;
  }

  void reset() {
    size = 0;
    Arrays.fill(slots, 0);
  }

  /** Forgets the entries after the first ones. The dictionary codes nothing until reset. */
  void truncate(int entryCount) {
    size = entryCount;
  }

  /**
   * Codes the first {@code count} values. False if that would take too many entries or, in an empty
   * dictionary, if too few values repeat to go on; then codes and dictionary are of no use.
   */
  boolean encode(long[] values, int count, int[] codes) {
    int sample = size == 0 ? Math.min(count, ValuesEncoder.DICTIONARY_SAMPLE) : 0;
    if (!code(values, 0, sample, codes)) {
      return false;
    }
    if (sample == ValuesEncoder.DICTIONARY_SAMPLE && size > sample * SAMPLE_SHARE) {
      return false;
    }
    return code(values, sample, count, codes);
  }

  private boolean code(long[] values, int from, int to, int[] codes) {
    int mask = slots.length - 1;
    for (int i = from; i < to; i++) {
      long value = values[i];
      int place = hash(value) & mask;
      int slot = slots[place];
      while (slot != 0 && entries[slot - 1] != value) {
        place = (place + 1) & mask;
        slot = slots[place];
      }
      if (slot == 0) {
        if (size == ValuesEncoder.DICTIONARY_ENTRIES) {
          return false;
        }
        slot = insert(value, place);
        mask = slots.length - 1;
      }
      codes[i] = slot - 1;
    }
    return true;
  }

  private int insert(long value, int place) {
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
    }
    entries[size++] = value;
    slots[place] = size;
    if (size * 2 > slots.length) {
      rehash();
    }
    return size;
  }

  private void rehash() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int i = 0; i < size; i++) {
      int place = hash(entries[i]) & mask;
      while (slots[place] != 0) {
        place = (place + 1) & mask;
      }
      slots[place] = i + 1;
    }
  }

  private static int hash(long value) {
    long mixed = value * 0x9E3779B97F4A7C15L;
    return (int) (mixed ^ (mixed >>> 32));
  }
}
