package io.meshwork.internal.uniqueness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An exact set of distinct byte strings with a number each, limited in memory. The bytes are stored
 * in chunks; an open-addressing table of 64-bit entries stores the position and the upper 30 bits
 * of the hash, which are the slot in a table of any size: the table grows without reading a key.
 * Takes about the key's bytes + 30 per key. Not thread-safe.
 */
final class KeySet {
  /** The result of {@link #find} for a missing key. */
  static final long ABSENT = -1;

  /** The result of {@link #add} for a key that exceeds the memory limit. */
  static final long FULL = -2;

  private static final int CHUNK_BITS = 18;
  private static final int CHUNK = 1 << CHUNK_BITS;
  private static final int FIRST_CHUNK = 1 << 12;
  private static final int HEAD_BYTES = Integer.BYTES + Long.BYTES;
  private static final int ALIGNMENT_BITS = 2;
  private static final int POSITION_BITS = 34;
  private static final long POSITION_MASK = (1L << POSITION_BITS) - 1;
  private static final long TAG_MASK = ~POSITION_MASK;
  private static final int FIRST_SLOT_BITS = 10;
  private static final int MAX_SLOTS = 1 << (Long.SIZE - POSITION_BITS);

  private long maxMemory;
  private final List<byte[]> chunks = new ArrayList<>();
  private int[] ends = new int[8];
  private long chunkBytes;
  private byte[] chunk = new byte[0];
  private int used;
  private long[] slots = new long[1 << FIRST_SLOT_BITS];
  private int shift = Long.SIZE - FIRST_SLOT_BITS;
  private long count;
  private int lastSlot;

  /** Keeps the loop that touches slots from being optimized away. */
  @SuppressWarnings("UnusedVariable")
  private long touched;

  /** Creates an empty set without a limit. */
  KeySet() {
    this(Long.MAX_VALUE);
  }

  /**
   * Creates an empty set.
   *
   * @param maxMemory the limit in bytes, which includes the second table while one grows
   */
  KeySet(long maxMemory) {
    this.maxMemory = maxMemory;
  }

  /** Accepts further keys whatever memory they need. */
  void removeLimit() {
    maxMemory = Long.MAX_VALUE;
  }

  /** Receives the keys of a set. */
  interface Receiver {
    /** Receives the next key, which is a part of an array. */
    void take(byte[] key, int from, int length, long number);
  }

  /**
   * Loads the slots of some keys into the cache, so that the following {@link #add} calls do not
   * wait for one after the other.
   */
  void touch(long[] hashes, int from, int to) {
    long[] table = slots;
    int by = shift;
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += table[(int) (hashes[i] >>> by)];
    }
    touched += sum;
  }

  /** Returns the position of the key, or {@link #ABSENT}. */
  long find(long hash, byte[] key, int from, int length) {
    long[] table = slots;
    int mask = table.length - 1;
    int slot = (int) (hash >>> shift);
    for (long entry = table[slot]; entry != 0; entry = table[slot]) {
      if (((entry ^ hash) & TAG_MASK) == 0) {
        long place = ((entry & POSITION_MASK) - 1) << ALIGNMENT_BITS;
        if (holds(place, key, from, length)) {
          return place;
        }
      }
      slot = (slot + 1) & mask;
    }
    lastSlot = slot;
    return ABSENT;
  }

  private boolean holds(long place, byte[] key, int from, int length) {
    byte[] in = chunks.get((int) (place >>> CHUNK_BITS));
    int at = (int) place & (CHUNK - 1);
    int start = at + HEAD_BYTES;
    return KeyBytes.intAt(in, at) == length
        && Arrays.equals(in, start, start + length, key, from, from + length);
  }

  /**
   * Adds a key with its number, unless it is present.
   *
   * @return the position of the present key; {@link #ABSENT} if the key was added; {@link #FULL} if
   *     it was not
   */
  long add(long hash, RowKeys keys, int key, long number) {
    int size = keys.size(key);
    if (!reserve(size, false)) {
      return FULL;
    }
    keys.write(key, chunk, used + HEAD_BYTES);
    return commit(hash, size, number, false);
  }

  /**
   * Adds a key with its number, unless it is present, as {@link #add(long, RowKeys, int, long)}.
   */
  long add(long hash, byte[] key, int from, int length, long number) {
    return add(hash, key, from, length, number, false);
  }

  /** Adds an absent key with its number, although it may exceed the limit by its own bytes. */
  void addBeyondLimit(long hash, byte[] key, int length, long number) {
    add(hash, key, 0, length, number, true);
  }

  private long add(long hash, byte[] key, int from, int length, long number, boolean beyondLimit) {
    if (!reserve(length, beyondLimit)) {
      return FULL;
    }
    System.arraycopy(key, from, chunk, used + HEAD_BYTES, length);
    return commit(hash, length, number, beyondLimit);
  }

  /** Adds the key after the last one, unless it is present. */
  private long commit(long hash, int size, long number, boolean beyondLimit) {
    long place = find(hash, chunk, used + HEAD_BYTES, size);
    if (place != ABSENT) {
      return place;
    }
    if ((count + 1) * 3 > slots.length * 2L) {
      if (grow()) {
        lastSlot = free(slots, (int) (hash >>> shift));
      } else if (!beyondLimit) {
        return FULL;
      }
    }
    KeyBytes.putInt(chunk, used, size);
    KeyBytes.putLong(chunk, used + Integer.BYTES, number);
    long position = (long) (chunks.size() - 1) << CHUNK_BITS | used;
    slots[lastSlot] = (hash & TAG_MASK) | ((position >>> ALIGNMENT_BITS) + 1);
    used += aligned(HEAD_BYTES + size);
    count++;
    return ABSENT;
  }

  private static int aligned(int size) {
    return (size + (1 << ALIGNMENT_BITS) - 1) & -(1 << ALIGNMENT_BITS);
  }

  /** Returns true if a key of this length can be written after the last one. */
  private boolean reserve(int size, boolean beyondLimit) {
    if (size > Integer.MAX_VALUE - 64) {
      throw new IllegalStateException("a key is limited to 2 GiB");
    }
    int bytes = aligned(HEAD_BYTES + size);
    return bytes <= chunk.length - used || extend(bytes, beyondLimit);
  }

  private boolean extend(int bytes, boolean beyondLimit) {
    boolean enlarges = used > 0 && chunk.length < CHUNK && used + bytes <= CHUNK;
    int wanted = enlarges ? used + bytes : bytes;
    int least = chunks.size() > 1 ? CHUNK : Math.max(FIRST_CHUNK, chunk.length * 2);
    int size = Math.max(Math.min(least, CHUNK), wanted);
    if (memory() + size > maxMemory) {
      if (!beyondLimit) {
        return false;
      }
      size = wanted;
    }
    if (enlarges) {
      chunkBytes -= chunk.length;
      chunk = Arrays.copyOf(chunk, size);
      chunks.set(chunks.size() - 1, chunk);
    } else {
      startChunk(size);
    }
    chunkBytes += size;
    return true;
  }

  private void startChunk(int size) {
    int next = chunks.size();
    if ((long) next << (CHUNK_BITS - ALIGNMENT_BITS) >= POSITION_MASK) {
      throw new IllegalStateException(
          "the keys of a uniqueness rule are limited to 64 GiB in memory");
    }
    if (next > 0) {
      ends = next > ends.length ? Arrays.copyOf(ends, next * 2) : ends;
      ends[next - 1] = used;
    }
    chunk = new byte[size];
    chunks.add(chunk);
    used = 0;
  }

  /** Doubles the table, from its entries only; returns false if this exceeds the limit. */
  private boolean grow() {
    if (slots.length >= MAX_SLOTS) {
      if (count >= MAX_SLOTS - 1L) {
        throw new IllegalStateException("a uniqueness rule is limited to 2^30 keys in memory");
      }
      return true;
    }
    if (memory() + 2L * Long.BYTES * slots.length > maxMemory) {
      return false;
    }
    long[] bigger = new long[slots.length * 2];
    int by = shift - 1;
    for (long entry : slots) {
      if (entry != 0) {
        bigger[free(bigger, (int) (entry >>> by))] = entry;
      }
    }
    slots = bigger;
    shift = by;
    return true;
  }

  private static int free(long[] table, int first) {
    int slot = first;
    while (table[slot] != 0) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  /** Returns the number of the key at this position. */
  long number(long place) {
    return KeyBytes.longAt(
        chunks.get((int) (place >>> CHUNK_BITS)), ((int) place & (CHUNK - 1)) + Integer.BYTES);
  }

  /** Replaces the number of the key at this position. */
  void number(long place, long number) {
    KeyBytes.putLong(
        chunks.get((int) (place >>> CHUNK_BITS)),
        ((int) place & (CHUNK - 1)) + Integer.BYTES,
        number);
  }

  /** Passes each key to the receiver, in insertion order. */
  void each(Receiver receiver) {
    for (int i = 0; i < chunks.size(); i++) {
      byte[] in = chunks.get(i);
      int end = i == chunks.size() - 1 ? used : ends[i];
      for (int at = 0; at < end; ) {
        int length = KeyBytes.intAt(in, at);
        long number = KeyBytes.longAt(in, at + Integer.BYTES);
        receiver.take(in, at + HEAD_BYTES, length, number);
        at += aligned(HEAD_BYTES + length);
      }
    }
  }

  /** Returns the memory use in bytes. */
  long memory() {
    return chunkBytes + (long) Long.BYTES * slots.length;
  }

  /** Removes all keys. */
  void clear() {
    chunks.clear();
    chunk = new byte[0];
    chunkBytes = 0;
    used = 0;
    slots = new long[1 << FIRST_SLOT_BITS];
    shift = Long.SIZE - FIRST_SLOT_BITS;
    count = 0;
  }

  /** Returns the number of keys. */
  long size() {
    return count;
  }
}
