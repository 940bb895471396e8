package io.meshwork.internal.uniqueness;

import java.util.function.LongConsumer;

/** A set of hashes, limited in memory. Slots follow from the upper bits. Not thread-safe. */
final class LongHashSet {
  private static final int LEAST_BITS = 6;
  private static final int MOST_BITS = 30;

  private final long maxMemory;
  private long[] slots;
  private int shift;
  private long count;
  private boolean zero;
  private boolean full;

  /**
   * Creates an empty set.
   *
   * @param expected the number of hashes if all differ
   * @param maxMemory the limit in bytes, which includes the second table while one grows
   */
  LongHashSet(long expected, long maxMemory) {
    this.maxMemory = maxMemory;
    int bits = LEAST_BITS;
    while (bits < MOST_BITS
        && exceeds(expected, 1L << bits)
        && ((2L * Long.BYTES) << bits) <= maxMemory) {
      bits++;
    }
    this.slots = new long[1 << bits];
    this.shift = Long.SIZE - bits;
  }

  /** Adds a hash; returns false if it is present, or if the limit does not permit it. */
  boolean add(long hash) {
    if (hash == 0) {
      boolean absent = !zero;
      zero = true;
      return absent;
    }
    int slot = slot(slots, hash, shift);
    if (slots[slot] != 0) {
      return false;
    }
    if (exceeds(count + 1, slots.length)) {
      if (!grow()) {
        full = true;
        return false;
      }
      slot = slot(slots, hash, shift);
    }
    slots[slot] = hash;
    count++;
    return true;
  }

  /** Returns true if so many hashes fill more than 13/16 of the slots. */
  private static boolean exceeds(long hashes, long slots) {
    return hashes * 16 > slots * 13;
  }

  boolean contains(long hash) {
    return hash == 0 ? zero : slots[slot(slots, hash, shift)] != 0;
  }

  /** Passes each hash once. */
  void each(LongConsumer receiver) {
    if (zero) {
      receiver.accept(0);
    }
    for (long hash : slots) {
      if (hash != 0) {
        receiver.accept(hash);
      }
    }
  }

  /** Returns the number of hashes. */
  long size() {
    return count + (zero ? 1 : 0);
  }

  /** Returns true if a hash was not added because of the limit. */
  boolean isFull() {
    return full;
  }

  /** Returns the slot of a hash, or the free slot for it. */
  private static int slot(long[] table, long hash, int shift) {
    int slot = (int) (hash >>> shift);
    while (table[slot] != 0 && table[slot] != hash) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private boolean grow() {
    if (slots.length >= 1 << MOST_BITS || 3L * Long.BYTES * slots.length > maxMemory) {
      return false;
    }
    long[] bigger = new long[slots.length * 2];
    for (long hash : slots) {
      if (hash != 0) {
        bigger[slot(bigger, hash, shift - 1)] = hash;
      }
    }
    slots = bigger;
    shift--;
    return true;
  }
}
