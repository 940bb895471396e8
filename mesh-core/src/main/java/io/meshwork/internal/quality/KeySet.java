package io.meshwork.internal.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An exact set of distinct byte strings with a number each. The bytes are stored contiguously in
 * chunks; an open-addressing table stores the position and 24 bits of the hash. Takes about the
 * key's bytes + 28 per key, and twice the table while it grows. Not thread-safe.
 */
final class KeySet {
  /** The result of {@link #find} for a missing key. */
  static final long ABSENT = -1;

  private static final int CHUNK = 1 << 20;
  private static final int LENGTH_BYTES = 4;
  private static final int HEAD_BYTES = LENGTH_BYTES + Long.BYTES;
  private static final int POSITION_BITS = 40;
  private static final long POSITION_MASK = (1L << POSITION_BITS) - 1;
  private static final int MAX_SLOTS = 1 << 30;

  private final List<byte[]> chunks = new ArrayList<>();
  private final byte[] head = new byte[HEAD_BYTES];
  private long[] slots = new long[1 << 10];
  private long end;
  private long count;
  private byte[] copied = new byte[64];
  private byte[] lastKey = new byte[0];
  private int lastLength;
  private long lastHash;
  private int lastSlot;

  /** Returns the position of the key, or {@link #ABSENT}. Remembers the key for {@link #add}. */
  long find(byte[] key, int length) {
    lastKey = key;
    lastLength = length;
    lastHash = hash(key, length);
    int mask = slots.length - 1;
    int slot = (int) lastHash & mask;
    long tag = lastHash >>> POSITION_BITS;
    while (slots[slot] != 0) {
      long place = (slots[slot] & POSITION_MASK) - 1;
      if (slots[slot] >>> POSITION_BITS == tag && holds(place, key, length)) {
        lastSlot = slot;
        return place;
      }
      slot = (slot + 1) & mask;
    }
    lastSlot = slot;
    return ABSENT;
  }

  /** Returns the hash of the last key passed to {@link #find}. */
  long lastHash() {
    return lastHash;
  }

  /**
   * Adds the key that {@link #find} last reported as absent, with its number; returns its position.
   */
  long add(long number) {
    long place = end;
    KeyBytes.putInt(head, 0, lastLength);
    KeyBytes.putLong(head, LENGTH_BYTES, number);
    append(head, HEAD_BYTES);
    append(lastKey, lastLength);
    slots[lastSlot] = (lastHash >>> POSITION_BITS) << POSITION_BITS | (place + 1);
    if (++count * 3 > slots.length * 2L) {
      grow();
    }
    return place;
  }

  /** Returns the number of the key at this position. */
  long number(long place) {
    long number = 0;
    for (long at = place + LENGTH_BYTES; at < place + HEAD_BYTES; at++) {
      number = number << 8 | (byteAt(at) & 0xFF);
    }
    return number;
  }

  /** Replaces the number of the key at this position. */
  void number(long place, long number) {
    for (int i = 0; i < Long.BYTES; i++) {
      long at = place + LENGTH_BYTES + i;
      chunks.get((int) (at / CHUNK))[(int) (at & (CHUNK - 1))] =
          (byte) (number >>> (Long.SIZE - 8 - 8 * i));
    }
  }

  /**
   * Returns the position of the key after this one, in insertion order; {@link #end()} for the
   * last.
   */
  long next(long place) {
    return place + HEAD_BYTES + lengthAt(place);
  }

  /** Returns the position after the last key; the first key is at 0. */
  long end() {
    return end;
  }

  /**
   * Returns the bytes of the key at this position, in an array that may be longer and is reused.
   */
  byte[] key(long place) {
    int length = lengthAt(place);
    if (length > copied.length) {
      copied = new byte[Math.max(length, copied.length * 2)];
    }
    copy(place + HEAD_BYTES, copied, length);
    return copied;
  }

  /** Returns the approximate memory use in bytes. */
  long memory() {
    return end + (long) Long.BYTES * slots.length;
  }

  /** Removes all keys. */
  void clear() {
    chunks.clear();
    slots = new long[1 << 10];
    end = 0;
    count = 0;
  }

  /** Returns the number of keys. */
  long size() {
    return count;
  }

  private void append(byte[] bytes, int length) {
    int done = 0;
    while (done < length) {
      int position = (int) (end & (CHUNK - 1));
      if (position == 0) {
        if (end >= POSITION_MASK - CHUNK) {
          throw new IllegalStateException("the keys of a uniqueness rule are limited to 1 TiB");
        }
        chunks.add(new byte[CHUNK]);
      }
      int part = Math.min(length - done, CHUNK - position);
      System.arraycopy(bytes, done, chunks.get(chunks.size() - 1), position, part);
      done += part;
      end += part;
    }
  }

  private boolean holds(long place, byte[] key, int length) {
    if (lengthAt(place) != length) {
      return false;
    }
    long at = place + HEAD_BYTES;
    int done = 0;
    while (done < length) {
      int position = (int) (at & (CHUNK - 1));
      int part = Math.min(length - done, CHUNK - position);
      byte[] chunk = chunks.get((int) (at / CHUNK));
      if (!Arrays.equals(chunk, position, position + part, key, done, done + part)) {
        return false;
      }
      done += part;
      at += part;
    }
    return true;
  }

  /** Returns the length in bytes of the key at this position. */
  int lengthAt(long place) {
    int length = 0;
    for (int i = 0; i < LENGTH_BYTES; i++) {
      length = length << 8 | (byteAt(place + i) & 0xFF);
    }
    return length;
  }

  private byte byteAt(long at) {
    return chunks.get((int) (at / CHUNK))[(int) (at & (CHUNK - 1))];
  }

  /** Doubles the table, reading the keys in storage order. */
  private void grow() {
    if (slots.length >= MAX_SLOTS) {
      if (count >= MAX_SLOTS - 1L) {
        throw new IllegalStateException("a uniqueness rule is limited to 2^30 keys");
      }
      return;
    }
    long[] bigger = new long[slots.length * 2];
    int mask = bigger.length - 1;
    for (long place = 0; place < end; place = next(place)) {
      long hash = hash(key(place), lengthAt(place));
      int slot = (int) hash & mask;
      while (bigger[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      bigger[slot] = (hash >>> POSITION_BITS) << POSITION_BITS | (place + 1);
    }
    slots = bigger;
  }

  private void copy(long from, byte[] target, int length) {
    long at = from;
    int done = 0;
    while (done < length) {
      int position = (int) (at & (CHUNK - 1));
      int part = Math.min(length - done, CHUNK - position);
      System.arraycopy(chunks.get((int) (at / CHUNK)), position, target, done, part);
      done += part;
      at += part;
    }
  }

  /** Returns the hash of a key; its upper 24 bits and its lowest bits determine a slot. */
  static long hash(byte[] key, int length) {
    long hash = length * 0x9E3779B97F4A7C15L;
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      hash = mix(hash ^ KeyBytes.longAt(key, i));
    }
    long rest = 0;
    for (; i < length; i++) {
      rest = rest << 8 | (key[i] & 0xFF);
    }
    return mix(hash ^ rest);
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 32)) * 0xD6E8FEB86659FD93L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    return mixed ^ (mixed >>> 32);
  }
}
