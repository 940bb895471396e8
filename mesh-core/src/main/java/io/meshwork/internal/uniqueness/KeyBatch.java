package io.meshwork.internal.uniqueness;

import io.meshwork.internal.uniqueness.KeyPartitions.Receiver;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Some keys in memory, in the order of their rows: their hashes, their bytes one after the other,
 * and a number each. Immutable.
 */
final class KeyBatch {
  /** The memory of the arrays themselves. */
  private static final int OVERHEAD = 96;

  private final long[] hashes;
  private final byte[] bytes;

  /** The end of each key in the bytes. */
  private final int[] ends;

  /** Whether keys are stored as encoded, or without the length that they start with. */
  private final boolean encoded;

  private final long firstNumber;
  private final long step;

  /** The number of each key; null if each is a step after the one before. */
  private final long @Nullable [] numbers;

  private KeyBatch(
      long[] hashes, byte[] bytes, int[] ends, boolean encoded, long[] numbers, long step) {
    this.hashes = hashes;
    this.bytes = bytes;
    this.ends = ends;
    this.encoded = encoded;
    this.firstNumber = numbers[0];
    this.step = step;
    this.numbers = step < 0 ? numbers : null;
  }

  /**
   * Copies some keys of a batch.
   *
   * @param hashes the hash of each key of the batch
   * @param numbers the number of each row of the batch; not descending
   */
  static KeyBatch of(RowKeys keys, int from, int to, long[] hashes, IntToLongFunction numbers) {
    int[] ends = new int[to - from];
    byte[] bytes;
    boolean encoded = !keys.areSuccessiveBytes();
    if (encoded) {
      bytes = new byte[(int) keys.storedBytes(from, to)];
      int end = 0;
      for (int i = from; i < to; i++) {
        keys.write(i, bytes, end);
        end += keys.size(i);
        ends[i - from] = end;
      }
    } else {
      KeyValues values = keys.values(0);
      int start = values.start(from);
      bytes = Arrays.copyOfRange(values.data(), start, values.end(to - 1));
      for (int i = from; i < to; i++) {
        ends[i - from] = values.end(i) - start;
      }
    }
    long[] some = Arrays.copyOfRange(hashes, from, to);
    long first = numbers.applyAsLong(keys.row(from));
    long range = numbers.applyAsLong(keys.row(to - 1)) - first;
    for (long step : new long[] {0, UniqueKeys.ROW_STEP}) {
      if (range == step * (to - 1 - from)) {
        return new KeyBatch(some, bytes, ends, encoded, new long[] {first}, step);
      }
    }
    long[] all = new long[to - from];
    for (int i = from; i < to; i++) {
      all[i - from] = numbers.applyAsLong(keys.row(i));
    }
    return new KeyBatch(some, bytes, ends, encoded, all, -1);
  }

  static KeyBatch of(KeySet keys, EncodedHash hash) {
    int count = (int) keys.size();
    long[] hashes = new long[count];
    long[] numbers = new long[count];
    int[] ends = new int[count];
    int[] at = {0};
    keys.each(
        (key, from, length, number) -> {
          int i = at[0]++;
          hashes[i] = hash.of(key, from);
          numbers[i] = number;
          ends[i] = (i == 0 ? 0 : ends[i - 1]) + length;
        });
    byte[] bytes = new byte[ends[count - 1]];
    at[0] = 0;
    keys.each(
        (key, from, length, number) -> {
          System.arraycopy(key, from, bytes, ends[at[0]++] - length, length);
        });
    return new KeyBatch(hashes, bytes, ends, true, numbers, -1);
  }

  /** The hash of a key that is encoded at a position in an array. */
  interface EncodedHash {
    long of(byte[] key, int from);
  }

  /**
   * Returns the memory of so many keys at most, in bytes.
   *
   * @param bytes the size of all keys
   */
  static long memory(int count, long bytes) {
    return OVERHEAD + bytes + (long) count * (2 * Long.BYTES + Integer.BYTES);
  }

  /** Returns the hash of each key. Must not be modified. */
  long[] hashes() {
    return hashes;
  }

  /**
   * Passes keys, in order.
   *
   * @param buffer for one key
   */
  void read(LongPredicate wanted, KeyBuffer buffer, Receiver receiver) {
    for (int i = 0; i < hashes.length; i++) {
      if (!wanted.test(hashes[i])) {
        continue;
      }
      int start = i == 0 ? 0 : ends[i - 1];
      int length = ends[i] - start;
      long number = numbers == null ? firstNumber + i * step : numbers[i];
      if (encoded) {
        receiver.take(bytes, start, length, hashes[i], number);
      } else {
        byte[] key = buffer.encode(bytes, start, length);
        receiver.take(key, 0, Integer.BYTES + length, hashes[i], number);
      }
    }
  }

  /** A buffer for an encoded key. Not thread-safe. */
  static final class KeyBuffer {
    private byte[] key = new byte[64];

    private byte[] encode(byte[] bytes, int from, int length) {
      if (key.length - Integer.BYTES < length) {
        key = new byte[Math.max(Math.addExact(length, Integer.BYTES), key.length * 2)];
      }
      KeyBytes.putInt(key, 0, length);
      System.arraycopy(bytes, from, key, Integer.BYTES, length);
      return key;
    }
  }
}
