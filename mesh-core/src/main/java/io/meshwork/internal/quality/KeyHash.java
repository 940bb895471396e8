package io.meshwork.internal.quality;

import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * 64-bit hashes of keys: equal for equal keys, whatever vectors hold them. Each column takes the
 * hash of the columns before it as its start. Multiplies as wyhash does, so that all bits depend on
 * the whole key. Hashes only find candidates, whose keys are compared. Immutable.
 */
final class KeyHash {
  /** The hash of a key without columns. */
  static final long START = 0xA0761D6478BD642FL;

  /** The hash of production. */
  static final KeyHash FULL = new KeyHash(null);

  private static final long FIRST = 0xE7037ED1A0B428DBL;
  private static final long SECOND = 0x8EBC6AF09C88C6E3L;
  private static final int WORD = Long.BYTES;
  private static final int STRIPE = 2 * WORD;

  private final @Nullable LongUnaryOperator narrowed;

  private KeyHash(@Nullable LongUnaryOperator narrowed) {
    this.narrowed = narrowed;
  }

  /** Returns a hash that maps the full one, so that different keys meet. */
  static KeyHash narrowedBy(LongUnaryOperator map) {
    return new KeyHash(map);
  }

  /** Completes the hashes of whole keys. */
  void finish(long[] hashes, int count) {
    if (narrowed != null) {
      for (int i = 0; i < count; i++) {
        hashes[i] = narrowed.applyAsLong(hashes[i]);
      }
    }
  }

  /**
   * Returns the hash of an encoded key.
   *
   * @param ofBytes for each column, whether it is encoded as length and bytes
   */
  long ofKey(boolean[] ofBytes, byte[] key, int from) {
    long hash = START;
    int at = from;
    for (boolean isBytes : ofBytes) {
      if (isBytes) {
        int length = KeyBytes.intAt(key, at);
        hash = ofBytes(hash, key, at + Integer.BYTES, length);
        at += Integer.BYTES + length;
      } else {
        hash = ofNumber(hash, KeyBytes.longAt(key, at));
        at += Long.BYTES;
      }
    }
    return narrowed == null ? hash : narrowed.applyAsLong(hash);
  }

  /** Returns the hash of a number after other columns. */
  static long ofNumber(long before, long value) {
    return fold(FIRST ^ WORD, fold(value ^ FIRST, before ^ SECOND));
  }

  /** Returns the hash of bytes after other columns. */
  static long ofBytes(long before, byte[] data, int from, int length) {
    long state = before;
    long high;
    long low;
    if (length >= WORD) {
      int last = from + length - STRIPE;
      for (int at = from; at < last; at += STRIPE) {
        state = fold(KeyBytes.longAt(data, at) ^ FIRST, KeyBytes.longAt(data, at + WORD) ^ state);
      }
      high = KeyBytes.longAt(data, length < STRIPE ? from : last);
      low = KeyBytes.longAt(data, from + length - WORD);
    } else if (length >= Integer.BYTES) {
      high = KeyBytes.intAt(data, from);
      low = KeyBytes.intAt(data, from + length - Integer.BYTES);
    } else if (length > 0) {
      high = data[from] << 16 | data[from + (length >>> 1)] << 8;
      low = data[from + length - 1];
    } else {
      high = 0;
      low = 0;
    }
    return fold(SECOND ^ length, fold(high ^ FIRST, low ^ state));
  }

  private static long fold(long one, long other) {
    return Math.multiplyHigh(one, other) ^ (one * other);
  }
}
