package io.meshwork.internal.uniqueness;

import java.io.Serializable;
import java.util.Arrays;

/**
 * An exact in-memory set of distinct byte strings, stored contiguously with an open-addressing
 * index. Takes about the bytes + 16 per key, and twice that while it grows. Not thread-safe.
 */
public final class ByteKeys implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int LENGTH_BYTES = Integer.BYTES;
  private static final int FIRST_SLOTS = 1 << 10;
  private static final int MAX_BYTES = 1 << 30;

  private byte[] bytes = new byte[1 << 14];
  private int[] slots = new int[FIRST_SLOTS];
  private int end;
  private int count;

  /** Adds a key, which is a part of an array; returns false if it is present. */
  public boolean add(byte[] key, int from, int length) {
    int slot = slot(key, from, length);
    if (slots[slot] != 0) {
      return false;
    }
    int size = LENGTH_BYTES + length;
    if (end > MAX_BYTES - size) {
      throw new IllegalStateException("the keys of a set are limited to 1 GiB");
    }
    if (end + size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end + size, Math.min(MAX_BYTES, bytes.length * 2)));
    }
    KeyBytes.putInt(bytes, end, length);
    System.arraycopy(key, from, bytes, end + LENGTH_BYTES, length);
    slots[slot] = end + 1;
    end += size;
    if (++count * 2L > slots.length) {
      grow();
    }
    return true;
  }

  public boolean contains(byte[] key, int length) {
    return slots[slot(key, 0, length)] != 0;
  }

  int size() {
    return count;
  }

  /** Returns the approximate memory use in bytes. */
  public long memory() {
    return bytes.length + (long) Integer.BYTES * slots.length;
  }

  /** Passes each key to the receiver, in insertion order. */
  void each(SpilledKeys.Receiver receiver) {
    for (int at = 0; at < end; at += LENGTH_BYTES + length(at)) {
      receiver.take(bytes, at + LENGTH_BYTES, length(at));
    }
  }

  void clear() {
    bytes = new byte[1 << 14];
    slots = new int[FIRST_SLOTS];
    end = 0;
    count = 0;
  }

  private int length(int at) {
    return KeyBytes.intAt(bytes, at);
  }

  private int slot(byte[] key, int from, int length) {
    int mask = slots.length - 1;
    int slot = hash(key, from, length) & mask;
    while (slots[slot] != 0) {
      int start = slots[slot] - 1 + LENGTH_BYTES;
      if (length(slots[slot] - 1) == length
          && Arrays.equals(bytes, start, start + length, key, from, from + length)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int[] bigger = new int[slots.length * 2];
    int mask = bigger.length - 1;
    for (int at = 0; at < end; at += LENGTH_BYTES + length(at)) {
      int slot = hash(bytes, at + LENGTH_BYTES, length(at)) & mask;
      while (bigger[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      bigger[slot] = at + 1;
    }
    slots = bigger;
  }

  /** Returns the upper bits: keys of one partition of a temporary file have equal lower ones. */
  private static int hash(byte[] key, int from, int length) {
    return (int) (KeyHash.ofBytes(KeyHash.START, key, from, length) >>> Integer.SIZE);
  }
}
