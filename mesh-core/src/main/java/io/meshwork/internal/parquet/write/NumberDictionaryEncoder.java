package io.meshwork.internal.parquet.write;

import java.util.Arrays;

/**
 * Maps the numbers of one column chunk to dictionary indices in order of first appearance. Uses
 * open addressing over {@code long} values, without an object per value.
 */
final class NumberDictionaryEncoder {
  private static final int ENTRIES = 64;
  private static final int SLOTS = 256;

  private long[] entries = new long[ENTRIES];
  private int[] slots = new int[SLOTS];
  private int size;
  private int halfSize;

  /** Returns the number of entries. */
  int size() {
    return size;
  }

  /**
   * Returns the number of entries after the first half of the values that were encoded first. Of an
   * odd number, the value in the middle belongs to the second half.
   */
  int halfSize() {
    return halfSize;
  }

  long[] entries() {
    return entries;
  }

  /** Forgets all entries, and releases their memory. */
  void reset() {
    size = 0;
    halfSize = 0;
    if (slots.length > SLOTS) {
      entries = new long[ENTRIES];
      slots = new int[SLOTS];
    } else {
      Arrays.fill(slots, 0);
    }
  }

  /** Returns the memory of the entries in bytes; a few entries are not counted. */
  long heldBytes() {
    return slots.length > SLOTS ? 8L * entries.length + 4L * slots.length : 0;
  }

  /**
   * Removes all entries after the first {@code entryCount}. The dictionary must be reset before it
   * encodes again.
   */
  void truncate(int entryCount) {
    size = entryCount;
  }

  /** Moves each entry to its new index. */
  void reorder(int[] renumbered) {
    long[] moved = new long[entries.length];
    for (int entry = 0; entry < size; entry++) {
      moved[renumbered[entry]] = entries[entry];
    }
    entries = moved;
    for (int place = 0; place < slots.length; place++) {
      if (slots[place] != 0) {
        slots[place] = renumbered[slots[place] - 1] + 1;
      }
    }
  }

  /**
   * Encodes the first {@code count} values. Returns false if that needs too many entries or, in an
   * empty dictionary, if too few values repeat; indices and dictionary are then invalid.
   */
  boolean encode(long[] values, int count, int[] indices) {
    if (size > 0) {
      return encode(values, 0, count, indices);
    }
    int half = count / 2;
    int sample = Math.min(half, ValuesEncoder.DICTIONARY_SAMPLE);
    if (!encode(values, 0, sample, indices)) {
      return false;
    }
    if (sample == ValuesEncoder.DICTIONARY_SAMPLE
        && size > sample * ValuesEncoder.DICTIONARY_SAMPLE_SHARE) {
      return false;
    }
    if (!encode(values, sample, half, indices)) {
      return false;
    }
    halfSize = size;
    return encode(values, half, count, indices);
  }

  private boolean encode(long[] values, int from, int to, int[] indices) {
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
      indices[i] = slot - 1;
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

  /** Doubles with few digits differ in their upper bits only, where a product would leave them. */
  static int hash(long value) {
    long product = (value ^ (value >>> 32)) * 0x9E3779B97F4A7C15L;
    return (int) (product ^ (product >>> 32));
  }
}
