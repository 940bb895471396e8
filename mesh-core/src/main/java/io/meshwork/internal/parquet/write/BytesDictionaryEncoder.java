package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import java.util.Arrays;

/**
 * Maps the byte strings of one column chunk to dictionary indices in order of first appearance
 * until they are reordered. Uses open addressing over one byte array, without an object per value.
 */
final class BytesDictionaryEncoder {
  private static final int BYTES = 1024;
  private static final int ENTRIES = 64;
  private static final int SLOTS = 256;

  private byte[] data = new byte[BYTES];
  private int[] offsets = new int[ENTRIES + 1];

  /** The first bytes of each entry, by which short ones are compared. */
  private long[] prefixes = new long[ENTRIES];

  /** The hash of an entry, and below it the number of the entry, from 1 on; 0 if it is free. */
  private long[] slots = new long[SLOTS];

  private int size;
  private int halfSize;

  /** Returns the number of entries. */
  int size() {
    return size;
  }

  /**
   * Returns the number of entries after the first half of the values that were encoded last. Of an
   * odd number, the value in the middle belongs to the second half.
   */
  int halfSize() {
    return halfSize;
  }

  /** Returns the concatenated entries. */
  byte[] data() {
    return data;
  }

  /** Returns the start of each entry, followed by the end of the last. */
  int[] offsets() {
    return offsets;
  }

  /** Forgets all entries, and releases their memory. */
  void reset() {
    size = 0;
    halfSize = 0;
    if (data.length > BYTES) {
      data = new byte[BYTES];
    }
    if (slots.length > SLOTS) {
      offsets = new int[ENTRIES + 1];
      prefixes = new long[ENTRIES];
      slots = new long[SLOTS];
    } else {
      Arrays.fill(slots, 0);
    }
  }

  /** Returns the memory of the entries in bytes; a few entries are not counted. */
  long heldBytes() {
    long bytes = data.length > BYTES ? data.length : 0;
    return slots.length > SLOTS
        ? bytes + 4L * offsets.length + 8L * prefixes.length + 8L * slots.length
        : bytes;
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
    int[] present = DictionaryOrder.inverse(renumbered);
    byte[] movedData = new byte[data.length];
    int[] movedOffsets = new int[offsets.length];
    long[] movedPrefixes = new long[prefixes.length];
    for (int entry = 0; entry < size; entry++) {
      int from = offsets[present[entry]];
      int length = offsets[present[entry] + 1] - from;
      System.arraycopy(data, from, movedData, movedOffsets[entry], length);
      movedOffsets[entry + 1] = movedOffsets[entry] + length;
      movedPrefixes[entry] = prefixes[present[entry]];
    }
    data = movedData;
    offsets = movedOffsets;
    prefixes = movedPrefixes;
    for (int place = 0; place < slots.length; place++) {
      long slot = slots[place];
      if (slot != 0) {
        slots[place] = slot >>> Integer.SIZE << Integer.SIZE | renumbered[(int) slot - 1] + 1;
      }
    }
  }

  /**
   * Encodes {@code count} values; value {@code i} lies from {@code starts[i]} to {@code starts[i +
   * 1]}. Returns false if that needs too many entries or, in an empty dictionary, if too few values
   * repeat; indices and dictionary are then invalid.
   */
  boolean encode(byte[] source, int[] starts, int count, int[] indices) {
    boolean fresh = size == 0;
    int half = count / 2;
    int sample = Math.min(count, ValuesEncoder.DICTIONARY_SAMPLE);
    for (int i = 0; i < count; i++) {
      if (i == half) {
        halfSize = size;
      }
      int index = indexOf(source, starts[i], starts[i + 1]);
      if (index < 0) {
        return false;
      }
      indices[i] = index;
      if (fresh && i + 1 == sample && size > sample * ValuesEncoder.DICTIONARY_SAMPLE_SHARE) {
        return false;
      }
    }
    return true;
  }

  /** Returns the index of a value, which is added if it is new; -1 if the dictionary is full. */
  int indexOf(byte[] source, int from, int to) {
    int length = to - from;
    long prefix = ByteOrdering.prefix(source, from, to);
    int hash = hash(prefix, source, from, to);
    int mask = slots.length - 1;
    int place = hash & mask;
    long slot = slots[place];
    while (slot != 0) {
      int entry = (int) slot - 1;
      if ((int) (slot >>> 32) == hash
          && offsets[entry + 1] - offsets[entry] == length
          && (length <= Long.BYTES
              ? prefixes[entry] == prefix
              : Arrays.equals(data, offsets[entry], offsets[entry + 1], source, from, to))) {
        return entry;
      }
      place = (place + 1) & mask;
      slot = slots[place];
    }
    return insert(source, from, to, prefix, hash, place);
  }

  private int insert(byte[] source, int from, int to, long prefix, int hash, int place) {
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
    if (size == prefixes.length) {
      prefixes = Arrays.copyOf(prefixes, size * 2);
      offsets = Arrays.copyOf(offsets, size * 2 + 1);
    }
    prefixes[size] = prefix;
    offsets[size + 1] = start + length;
    size++;
    slots[place] = (long) hash << 32 | size;
    if (size * 2 > slots.length) {
      rehash();
    }
    return size - 1;
  }

  private void rehash() {
    long[] smaller = slots;
    slots = new long[smaller.length * 2];
    int mask = slots.length - 1;
    for (long slot : smaller) {
      if (slot != 0) {
        int place = (int) (slot >>> 32) & mask;
        while (slots[place] != 0) {
          place = (place + 1) & mask;
        }
        slots[place] = slot;
      }
    }
  }

  /** Hashes a value whose first bytes are the prefix. */
  static int hash(long prefix, byte[] source, int from, int to) {
    long mixedHash = mixed(to - from, prefix);
    for (int i = from + Long.BYTES; i < to; i += Long.BYTES) {
      mixedHash = mixed(mixedHash, ByteOrdering.prefix(source, i, to));
    }
    return (int) mixedHash;
  }

  /** Short values have their bytes in the upper half, which a product alone leaves there. */
  private static long mixed(long hash, long word) {
    long mixed = hash ^ word;
    long product = (mixed ^ (mixed >>> 32)) * 0x9E3779B97F4A7C15L;
    return product ^ (product >>> 32);
  }
}
