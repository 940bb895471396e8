package io.meshwork.internal.uniqueness;

import org.jspecify.annotations.Nullable;

/**
 * A set of distinct keys with a memory limit: when it is reached, keys are moved to a temporary
 * file partitioned by hash, in which duplicates are detected when they are counted. Not
 * thread-safe.
 */
public final class SpilledKeys implements AutoCloseable {
  /** The memory limit in bytes, above which keys are moved to a file. */
  public static final long MAX_IN_MEMORY = 32L << 20;

  private final long maxInMemory;
  private final ByteKeys keys = new ByteKeys();
  private @Nullable KeyPartitions spilled;

  public SpilledKeys(long maxInMemory) {
    this.maxInMemory = maxInMemory;
  }

  /** Receives keys. */
  public interface Receiver {
    /** Receives a key, which is a part of an array that is reused. */
    void take(byte[] key, int from, int length);
  }

  public void add(byte[] key, int from, int length) {
    if (keys.add(key, from, length) && keys.memory() > maxInMemory) {
      spill();
    }
  }

  /** Returns the number of distinct keys. */
  public long count() {
    if (spilled == null) {
      return keys.size();
    }
    long[] count = {0};
    each((key, from, length) -> count[0]++);
    return count[0];
  }

  /** Passes each distinct key to the receiver once. */
  public void each(Receiver receiver) {
    if (spilled == null) {
      keys.each(receiver);
    } else {
      spill().each(part -> each(part, receiver));
    }
  }

  private void each(KeyPartitions.KeyPartition part, Receiver receiver) {
    if (part.bytes() > maxInMemory && part.isDivisible()) {
      part.divide(hash -> true, smaller -> each(smaller, receiver));
      return;
    }
    ByteKeys seen = new ByteKeys();
    part.read(
        (key, from, length, hash, number) -> {
          if (seen.add(key, from, length)) {
            receiver.take(key, from, length);
          }
        });
  }

  private KeyPartitions spill() {
    KeyPartitions partitions =
        spilled == null
            ? new KeyPartitions(KeyPartitions.Contents.DISTINCT_VALUES, maxInMemory)
            : spilled;
    spilled = partitions;
    keys.each(
        (key, from, length) ->
            partitions.add(
                key, from, length, KeyHash.ofBytes(KeyHash.START, key, from, length), 0));
    keys.clear();
    return partitions;
  }

  /** Deletes the file, on a best-effort basis. */
  @Override
  public void close() {
    if (spilled != null) {
      spilled.close();
    }
  }
}
