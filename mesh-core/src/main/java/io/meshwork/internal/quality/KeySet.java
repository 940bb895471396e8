package io.meshwork.internal.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Distinct byte strings, exactly: the bytes lie end to end in chunks, and an open-addressed table
 * holds for each its place and 24 bits of its hash. Memory is about the key's bytes + 20 a key,
 * twice the table while it grows; it does not spill to disk. Not thread-safe.
 */
final class KeySet {
  /** What {@link #find} answers when the key is not there. */
  static final long ABSENT = -1;

  private static final int CHUNK = 1 << 20;
  private static final int LENGTH_BYTES = 4;
  private static final int PLACE_BITS = 40;
  private static final long PLACE_MASK = (1L << PLACE_BITS) - 1;
  private static final int MAX_SLOTS = 1 << 30;

  private final List<byte[]> chunks = new ArrayList<>();
  private final byte[] four = new byte[LENGTH_BYTES];
  private long[] slots = new long[1 << 12];
  private long end;
  private long count;
  private byte[] lastKey = new byte[0];
  private int lastLength;
  private long lastHash;
  private int lastSlot;

  /** Where the key lies, or {@link #ABSENT}. The key is remembered for {@link #add}. */
  long find(byte[] key, int length) {
    lastKey = key;
    lastLength = length;
    lastHash = hash(key, length);
    int mask = slots.length - 1;
    int slot = (int) lastHash & mask;
    long tag = lastHash >>> PLACE_BITS;
    while (slots[slot] != 0) {
      long place = (slots[slot] & PLACE_MASK) - 1;
      if (slots[slot] >>> PLACE_BITS == tag && holds(place, key, length)) {
        lastSlot = slot;
        return place;
      }
      slot = (slot + 1) & mask;
    }
    lastSlot = slot;
    return ABSENT;
  }

  /** Adds the key that was not found just now and says where it lies. */
  long add() {
    long place = end;
    BigEndian.putInt(four, 0, lastLength);
    append(four, LENGTH_BYTES);
    append(lastKey, lastLength);
    slots[lastSlot] = (lastHash >>> PLACE_BITS) << PLACE_BITS | (place + 1);
    if (++count * 3 > slots.length * 2L) {
      grow();
    }
    return place;
  }

  /** How many keys were added before the one that lies here; walks through all of them. */
  long ordinal(long place) {
    long ordinal = 0;
    for (long at = 0; at < place; at += LENGTH_BYTES + (long) lengthAt(at)) {
      ordinal++;
    }
    return ordinal;
  }

  /** How many keys there are. */
  long size() {
    return count;
  }

  private void append(byte[] bytes, int length) {
    int done = 0;
    while (done < length) {
      int position = (int) (end & (CHUNK - 1));
      if (position == 0) {
        if (end >= PLACE_MASK - CHUNK) {
          throw new IllegalStateException("a uniqueness rule holds at most 1 TiB of keys");
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
    long at = place + LENGTH_BYTES;
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

  private int lengthAt(long place) {
    int length = 0;
    for (int i = 0; i < LENGTH_BYTES; i++) {
      long at = place + i;
      length = length << 8 | (chunks.get((int) (at / CHUNK))[(int) (at & (CHUNK - 1))] & 0xFF);
    }
    return length;
  }

  /** Doubles the table, reading the keys in the order they lie. */
  private void grow() {
    if (slots.length >= MAX_SLOTS) {
      if (count >= MAX_SLOTS - 1L) {
        throw new IllegalStateException("a uniqueness rule holds at most 2^30 keys");
      }
      return;
    }
    long[] bigger = new long[slots.length * 2];
    int mask = bigger.length - 1;
    byte[] key = new byte[64];
    for (long place = 0; place < end; ) {
      int length = lengthAt(place);
      key = length > key.length ? new byte[length] : key;
      copy(place + LENGTH_BYTES, key, length);
      long hash = hash(key, length);
      int slot = (int) hash & mask;
      while (bigger[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      bigger[slot] = (hash >>> PLACE_BITS) << PLACE_BITS | (place + 1);
      place += LENGTH_BYTES + (long) length;
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

  private static long hash(byte[] key, int length) {
    long hash = length * 0x9E3779B97F4A7C15L;
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      hash = mix(hash ^ BigEndian.longAt(key, i));
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
