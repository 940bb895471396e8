package io.meshwork.internal.quality;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * An exact in-memory set of distinct byte strings, stored contiguously with an open-addressing
 * index. Takes about the bytes + 16 per key, and twice that while it grows. Not thread-safe.
 */
final class ByteKeys {
  private static final int LENGTH_BYTES = Integer.BYTES;
  private static final int FIRST_SLOTS = 1 << 10;
  private static final int MAX_BYTES = 1 << 30;

  private byte[] bytes = new byte[1 << 14];
  private int[] slots = new int[FIRST_SLOTS];
  private int end;
  private int count;

  /** Adds a key; returns false if it is present. */
  boolean add(byte[] key, int length) {
    int slot = slot(key, length);
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
    for (int i = 0; i < LENGTH_BYTES; i++) {
      bytes[end + i] = (byte) (length >>> (8 * i));
    }
    System.arraycopy(key, 0, bytes, end + LENGTH_BYTES, length);
    slots[slot] = end + 1;
    end += size;
    if (++count * 2L > slots.length) {
      grow();
    }
    return true;
  }

  boolean contains(byte[] key, int length) {
    return slots[slot(key, length)] != 0;
  }

  int size() {
    return count;
  }

  /** Returns the approximate memory use in bytes. */
  long memory() {
    return bytes.length + (long) Integer.BYTES * slots.length;
  }

  /** Passes a copy of each key to the receiver, in insertion order. */
  void each(Consumer<byte[]> receiver) {
    for (int at = 0; at < end; at += LENGTH_BYTES + length(at)) {
      receiver.accept(Arrays.copyOfRange(bytes, at + LENGTH_BYTES, at + LENGTH_BYTES + length(at)));
    }
  }

  void clear() {
    bytes = new byte[1 << 14];
    slots = new int[FIRST_SLOTS];
    end = 0;
    count = 0;
  }

  private int length(int at) {
    int length = 0;
    for (int i = 0; i < LENGTH_BYTES; i++) {
      length |= (bytes[at + i] & 0xFF) << (8 * i);
    }
    return length;
  }

  private int slot(byte[] key, int length) {
    int mask = slots.length - 1;
    int slot = (int) hash(key, 0, length) & mask;
    while (slots[slot] != 0) {
      int at = slots[slot] - 1;
      int from = at + LENGTH_BYTES;
      if (length(at) == length && Arrays.equals(bytes, from, from + length, key, 0, length)) {
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
      int slot = (int) hash(bytes, at + LENGTH_BYTES, length(at)) & mask;
      while (bigger[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      bigger[slot] = at + 1;
    }
    slots = bigger;
  }

  /** Returns a hash in which every bit depends on the complete key. */
  static long hash(byte[] key, int from, int length) {
    long hash = length * 0x9E3779B97F4A7C15L;
    for (int i = from; i < from + length; i++) {
      hash = (hash ^ (key[i] & 0xFF)) * 0x100000001B3L;
    }
    hash = (hash ^ (hash >>> 32)) * 0xD6E8FEB86659FD93L;
    return hash ^ (hash >>> 29);
  }
}
