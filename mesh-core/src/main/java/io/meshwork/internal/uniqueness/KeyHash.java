package io.meshwork.internal.uniqueness;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * 64-bit hashes of keys: equal for equal keys, whatever vectors hold them. Each column takes the
 * hash of the columns before it as its start. Multiplies as wyhash does, so that all bits depend on
 * the whole key. Hashes only find candidates, whose keys are compared. Immutable.
 */
public final class KeyHash {
  /** The hash of a key without columns. */
  static final long START = 0xA0761D6478BD642FL;

  /** The hash of production. */
  public static final KeyHash FULL = new KeyHash(null);

  private static final long FIRST = 0xE7037ED1A0B428DBL;
  private static final long SECOND = 0x8EBC6AF09C88C6E3L;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int WORD = Long.BYTES;
  private static final int STRIPE = 2 * WORD;

  private final @Nullable LongUnaryOperator narrowed;

  private KeyHash(@Nullable LongUnaryOperator narrowed) {
    this.narrowed = narrowed;
  }

  /** Returns a hash that maps the full one, so that different keys meet. */
  public static KeyHash narrowedBy(LongUnaryOperator map) {
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
    if (length > 2 * STRIPE) {
      return length <= 3 * STRIPE
          ? ofThreeStripes(before, data, from, length)
          : ofManyBytes(before, data, from, length);
    }
    long state = before;
    long high;
    long low;
    if (length >= WORD) {
      if (length > STRIPE) {
        state = fold(word(data, from) ^ FIRST, word(data, from + WORD) ^ state);
      }
      high = word(data, length < STRIPE ? from : from + length - STRIPE);
      low = word(data, from + length - WORD);
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

  /** Combines two stripes at a time, whose multiplications do not wait for each other. */
  private static long ofManyBytes(long before, byte[] data, int from, int length) {
    long one = before;
    long other = before;
    int last = from + length - STRIPE;
    int at = from;
    for (; at < last - STRIPE; at += 2 * STRIPE) {
      one = fold(word(data, at) ^ FIRST, word(data, at + WORD) ^ one);
      other = fold(word(data, at + STRIPE) ^ SECOND, word(data, at + STRIPE + WORD) ^ other);
    }
    if (at < last) {
      one = fold(word(data, at) ^ FIRST, word(data, at + WORD) ^ one);
    }
    return fold(word(data, last) ^ one, word(data, last + WORD) ^ other ^ length * FIRST);
  }

  /** Returns what {@link #ofManyBytes} would: without a loop, it takes 60 % of the time. */
  private static long ofThreeStripes(long before, byte[] data, int from, int length) {
    long one = fold(word(data, from) ^ FIRST, word(data, from + WORD) ^ before);
    long other =
        fold(word(data, from + STRIPE) ^ SECOND, word(data, from + STRIPE + WORD) ^ before);
    int last = from + length - STRIPE;
    return fold(word(data, last) ^ one, word(data, last + WORD) ^ other ^ length * FIRST);
  }

  private static long word(byte[] data, int at) {
    return (long) WORDS.get(data, at);
  }

  private static long fold(long one, long other) {
    return Math.multiplyHigh(one, other) ^ (one * other);
  }
}
