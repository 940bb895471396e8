package io.meshwork.internal.uniqueness;

import io.meshwork.internal.uniqueness.KeyBatch.EncodedHash;
import io.meshwork.internal.uniqueness.KeyBatch.KeyBuffer;
import io.meshwork.internal.uniqueness.KeyPartitions.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Keys with a number each, in memory up to a limit. They are copied from a batch as they lie there,
 * and read again in the same order, so that adding them takes no look at another key. Not
 * thread-safe.
 */
final class NumberedKeys {
  /** The most keys of a piece of a batch, and their bytes unless one key has more. */
  private static final int PIECE = 4096;

  private static final int PIECE_BYTES = 1 << 18;

  private final long maxMemory;
  private final List<KeyBatch> batches = new ArrayList<>();
  private long memory;
  private long count;

  /**
   * Creates an empty collection.
   *
   * @param maxMemory the limit in bytes
   */
  NumberedKeys(long maxMemory) {
    this.maxMemory = maxMemory;
  }

  /**
   * Adds keys of a batch; returns the first that exceeds the limit, or their number.
   *
   * @param from the first key to add
   * @param hashes the hash of each key of the batch
   * @param numbers the number of each row of the batch; not descending
   */
  int add(RowKeys keys, int from, long[] hashes, IntToLongFunction numbers) {
    int next = from;
    while (next < keys.count()) {
      int to = Math.min(keys.count(), next + PIECE);
      while (to > next + 1 && keys.storedBytes(next, to) > PIECE_BYTES) {
        to = next + (to - next) / 2;
      }
      if (!reserve(to - next, keys.storedBytes(next, to))) {
        return next;
      }
      batches.add(KeyBatch.of(keys, next, to, hashes, numbers));
      next = to;
    }
    return next;
  }

  /** Adds the keys of a set; returns false if they exceed the limit. */
  boolean add(KeySet keys, EncodedHash hash) {
    if (keys.size() > 0) {
      if (keys.size() > Integer.MAX_VALUE || !reserve((int) keys.size(), keys.memory())) {
        return false;
      }
      batches.add(KeyBatch.of(keys, hash));
    }
    return true;
  }

  private boolean reserve(int keys, long bytes) {
    long needed = KeyBatch.memory(keys, bytes) + RepeatedHashes.memory(keys);
    if (memory + needed > maxMemory || bytes > Integer.MAX_VALUE - 16) {
      return false;
    }
    memory += needed;
    count += keys;
    return true;
  }

  long count() {
    return count;
  }

  /** Returns the memory use in bytes, including the memory to find repeated hashes. */
  long memory() {
    return memory;
  }

  /** Adds the hashes of all keys to a set, as long as it is not full. */
  void addHashes(LongHashSet target) {
    for (int batch = 0; batch < batches.size() && !target.isFull(); batch++) {
      for (long hash : batches.get(batch).hashes()) {
        target.add(hash);
      }
    }
  }

  /** Returns the number of keys with these hashes. */
  long count(LongPredicate hashes) {
    long some = 0;
    for (KeyBatch batch : batches) {
      for (long hash : batch.hashes()) {
        some += hashes.test(hash) ? 1 : 0;
      }
    }
    return some;
  }

  /** Returns the hashes of a slice that several keys have; null if they exceed the memory. */
  @Nullable LongHashSet repeated(HashSlice slice, long records, long memoryForThem) {
    RepeatedHashes hashes = new RepeatedHashes(slice, records, memoryForThem);
    for (KeyBatch batch : batches) {
      hashes.add(batch.hashes());
    }
    for (KeyBatch batch : batches) {
      hashes.addAgain(batch.hashes());
    }
    return hashes.repeated();
  }

  /**
   * Passes keys, in the order in which they were added.
   *
   * @param wanted selects the hashes of keys
   */
  void read(LongPredicate wanted, Receiver receiver) {
    KeyBuffer buffer = new KeyBuffer();
    for (KeyBatch batch : batches) {
      batch.read(wanted, buffer, receiver);
    }
  }
}
