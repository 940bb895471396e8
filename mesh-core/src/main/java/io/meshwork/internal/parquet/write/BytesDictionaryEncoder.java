package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import java.util.Arrays;

/**
 * Maps the byte strings of one column chunk to dictionary indices in order of first appearance.
 * Uses open addressing over one byte array, without an object per value.
 */
final class BytesDictionaryEncoder {
  /**
   * A larger share of distinct values in the sample disables the dictionary, because hashing text
   * is expensive.
   */
  private static final double SAMPLE_SHARE = 0.6;

  private byte[] data = new byte[1024];
  private int[] offsets = new int[65];
  private int[] hashes = new int[64];
  private int[] slots = new int[256];
  private int size;

  /** Returns the number of entries. */
  int size() {
    return size;
  }

  /** Returns the concatenated entries. */
  byte[] data() {
    return data;
  }

  /** Returns the start of each entry, followed by the end of the last. */
  int[] offsets() {
    return offsets;
  }

  void reset() {
    size = 0;
    Arrays.fill(slots, 0);
  }

  /**
   * Removes all entries after the first {@code entryCount}. The dictionary must be reset before it
   * encodes again.
   */
  void truncate(int entryCount) {
    size = entryCount;
  }

  /**
   * Encodes {@code count} values; value {@code i} lies from {@code starts[i]} to {@code starts[i +
   * 1]}. Returns false if that needs too many entries or, in an empty dictionary, if too few values
   * repeat; indices and dictionary are then invalid.
   */
  boolean encode(byte[] source, int[] starts, int count, int[] indices) {
    boolean fresh = size == 0;
    for (int i = 0; i < count; i++) {
      int index = indexOf(source, starts[i], starts[i + 1]);
      if (index < 0) {
        return false;
      }
      indices[i] = index;
      if (fresh && i + 1 == ValuesEncoder.DICTIONARY_SAMPLE && size > i * SAMPLE_SHARE) {
        return false;
      }
    }
    return true;
  }

  /** Returns the index of a value, which is added if it is new; -1 if the dictionary is full. */
  int indexOf(byte[] source, int from, int to) {
    int hash = hash(source, from, to);
    int mask = slots.length - 1;
    int place = hash & mask;
    int slot = slots[place];
    while (slot != 0) {
      int entry = slot - 1;
      if (hashes[entry] == hash
          && Arrays.equals(data, offsets[entry], offsets[slot], source, from, to)) {
        return entry;
      }
      place = (place + 1) & mask;
      slot = slots[place];
    }
    return insert(source, from, to, hash, place);
  }

  private int insert(byte[] source, int from, int to, int hash, int place) {
    int start = offsets[size];
    int length = to - from;
    if (size == ValuesEncoder.DICTIONARY_ENTRIES
        || length > ValuesEncoder.DICTIONARY_BYTES - start) {
      return -1;
    }
    if (start + length > data.length) {
      data = Arrays.copyOf(data, LittleEndianEncoder.grown(data.length, start + length));
    }
    System.arraycopy(source, from, data, start, length);
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, size * 2);
      offsets = Arrays.copyOf(offsets, size * 2 + 1);
    }
    hashes[size] = hash;
    offsets[size + 1] = start + length;
    slots[place] = ++size;
    if (size * 2 > slots.length) {
      rehash();
    }
    return size - 1;
  }

  private void rehash() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int i = 0; i < size; i++) {
      int place = hashes[i] & mask;
      while (slots[place] != 0) {
        place = (place + 1) & mask;
      }
      slots[place] = i + 1;
    }
  }

  private static int hash(byte[] source, int from, int to) {
    long mixedHash = to - from;
    for (int i = from; i < to; i += 8) {
      mixedHash = (mixedHash ^ ByteOrdering.prefix(source, i, to)) * 0x9E3779B97F4A7C15L;
      mixedHash ^= mixedHash >>> 32;
    }
    return (int) mixedHash;
  }
}
