package io.meshwork.internal.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Distinct byte strings, exactly, each with a number: the bytes lie end to end in chunks, and an
 * open-addressed table holds for each its place and 24 bits of its hash. Memory is about the key's
 * bytes + 28 a key, twice the table while it grows. Not thread-safe.
 */
final class KeySet {
  /** What {@link #find} answers when the key is not there. */
  static final long ABSENT = -1;

  private static final int CHUNK = 1 << 20;
  private static final int LENGTH_BYTES = 4;
  private static final int HEAD_BYTES = LENGTH_BYTES + Long.BYTES;
  private static final int PLACE_BITS = 40;
  private static final long PLACE_MASK = (1L << PLACE_BITS) - 1;
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

  /** The hash of the key that was looked for last. */
  long lastHash() {
    return lastHash;
  }

  /** Adds the key that was not found just now, with its number, and says where it lies. */
  long add(long number) {
    long place = end;
    BigEndian.putInt(head, 0, lastLength);
    BigEndian.putLong(head, LENGTH_BYTES, number);
    append(head, HEAD_BYTES);
    append(lastKey, lastLength);
    slots[lastSlot] = (lastHash >>> PLACE_BITS) << PLACE_BITS | (place + 1);
    if (++count * 3 > slots.length * 2L) {
      grow();
    }
    return place;
  }

  /** The number of the key that lies here. */
  long number(long place) {
    long number = 0;
    for (long at = place + LENGTH_BYTES; at < place + HEAD_BYTES; at++) {
      number = number << 8 | (byteAt(at) & 0xFF);
    }
    return number;
  }

  /** Gives the key that lies here another number. */
  void number(long place, long number) {
    for (int i = 0; i < Long.BYTES; i++) {
      long at = place + LENGTH_BYTES + i;
      chunks.get((int) (at / CHUNK))[(int) (at & (CHUNK - 1))] =
          (byte) (number >>> (Long.SIZE - 8 - 8 * i));
    }
  }

  /** Where the key behind one lies, in the order they were added; {@link #end()} for the last. */
  long next(long place) {
    return place + HEAD_BYTES + lengthAt(place);
  }

  /** Behind the last key; the first lies at 0. */
  long end() {
    return end;
  }

  /** The bytes of the key that lies here, in an array that may be longer and is used again. */
  byte[] key(long place) {
    int length = lengthAt(place);
    if (length > copied.length) {
      copied = new byte[Math.max(length, copied.length * 2)];
    }
    copy(place + HEAD_BYTES, copied, length);
    return copied;
  }

  /** About how many bytes of memory it takes. */
  long memory() {
    return end + (long) Long.BYTES * slots.length;
  }

  /** Forgets all keys. */
  void clear() {
    chunks.clear();
    slots = new long[1 << 10];
    end = 0;
    count = 0;
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

  /** How many bytes the key that lies here has. */
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
    for (long place = 0; place < end; place = next(place)) {
      long hash = hash(key(place), lengthAt(place));
      int slot = (int) hash & mask;
      while (bigger[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      bigger[slot] = (hash >>> PLACE_BITS) << PLACE_BITS | (place + 1);
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

  /** The hash of a key; its upper 24 bits and its lowest ones choose a slot. */
  static long hash(byte[] key, int length) {
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
