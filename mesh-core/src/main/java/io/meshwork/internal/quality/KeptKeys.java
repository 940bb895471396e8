package io.meshwork.internal.quality;

import io.meshwork.internal.quality.KeyPartitions.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Keys with a number each, in memory up to a limit. They are stored one after the other, as they
 * were added: the bytes in chunks, and the hash, the number, and the position of each in blocks.
 * Only when a partition is read, all hashes are arranged by partition, so that equal ones are found
 * without a look at the keys. Not thread-safe.
 */
final class KeptKeys {
  private static final int CHUNK_BITS = 18;
  private static final int CHUNK = 1 << CHUNK_BITS;
  private static final int BLOCK_BITS = 12;
  private static final int BLOCK = 1 << BLOCK_BITS;

  /** A hash, a number, a position; and a hash and an index arranged by partition. */
  private static final int ENTRY_BYTES = 3 * Long.BYTES + 2 * Integer.BYTES;

  private final long maxMemory;
  private final int chunkBytes;
  private final List<byte[]> chunks = new ArrayList<>();
  private byte[] chunk = new byte[0];
  private int used;
  private long memory;
  private final List<Block> blocks = new ArrayList<>();
  private Block block = new Block(0);
  private int inBlock;
  private int count;
  private @Nullable Arrangement arrangement;

  /** The hash, the number, and the position of some successive keys. */
  private static final class Block {
    private final long[] hashes;
    private final long[] numbers;
    private final int[] positions;

    Block(int size) {
      hashes = new long[size];
      numbers = new long[size];
      positions = new int[size];
    }
  }

  /**
   * Creates an empty collection.
   *
   * @param maxMemory the limit in bytes
   */
  KeptKeys(long maxMemory) {
    this.maxMemory = Math.min(maxMemory, Integer.MAX_VALUE);
    this.chunkBytes = (int) Math.min(CHUNK, this.maxMemory / 8);
  }

  /** Adds a key of a batch; returns false if it exceeds the limit. */
  boolean add(RowKeys keys, int key, long hash, long number) {
    int length = keys.size(key);
    if (!reserve(length)) {
      return false;
    }
    keys.write(key, chunk, used + Integer.BYTES);
    append(length, hash, number);
    return true;
  }

  /** Adds a key, which is a part of an array; returns false if it exceeds the limit. */
  boolean add(byte[] key, int from, int length, long hash, long number) {
    if (!reserve(length)) {
      return false;
    }
    System.arraycopy(key, from, chunk, used + Integer.BYTES, length);
    append(length, hash, number);
    return true;
  }

  private boolean reserve(int length) {
    return (inBlock < block.hashes.length || startBlock())
        && (length <= chunk.length - used - Integer.BYTES || startChunk(length));
  }

  private boolean startBlock() {
    if (memory + (long) ENTRY_BYTES * BLOCK > maxMemory) {
      return false;
    }
    memory += (long) ENTRY_BYTES * BLOCK;
    block = new Block(BLOCK);
    blocks.add(block);
    inBlock = 0;
    return true;
  }

  private boolean startChunk(int length) {
    long size = Math.max(chunkBytes, (long) Integer.BYTES + length);
    if (memory + size > maxMemory) {
      return false;
    }
    memory += size;
    chunk = new byte[(int) size];
    chunks.add(chunk);
    used = 0;
    return true;
  }

  private void append(int length, long hash, long number) {
    KeyBytes.putInt(chunk, used, length);
    block.hashes[inBlock] = hash;
    block.numbers[inBlock] = number;
    block.positions[inBlock] = (chunks.size() - 1) << CHUNK_BITS | used;
    inBlock++;
    count++;
    used += Integer.BYTES + length;
    arrangement = null;
  }

  /** Returns the number of keys in a partition. */
  int records(int part) {
    return arrangement().records(part);
  }

  /** Returns the size of the keys of a partition in bytes, from the average of all keys. */
  long bytes(int part) {
    return count == 0 ? 0 : (long) records(part) * (memory / count + 1);
  }

  /** Passes the hash of each key of a partition, in insertion order. */
  void hashes(int part, LongConsumer receiver) {
    Arrangement arranged = arrangement();
    for (int i = arranged.starts[part]; i < arranged.starts[part + 1]; i++) {
      receiver.accept(arranged.hashes[i]);
    }
  }

  /**
   * Passes the keys of a partition, in insertion order.
   *
   * @param wanted selects the hashes of keys
   */
  void read(int part, LongPredicate wanted, Receiver receiver) {
    Arrangement arranged = arrangement();
    int[] keys = arranged.keys();
    for (int i = arranged.starts[part]; i < arranged.starts[part + 1]; i++) {
      if (wanted.test(arranged.hashes[i])) {
        Block in = blocks.get(keys[i] >>> BLOCK_BITS);
        int entry = keys[i] & (BLOCK - 1);
        byte[] bytes = chunks.get(in.positions[entry] >>> CHUNK_BITS);
        int at = in.positions[entry] & (CHUNK - 1);
        receiver.take(
            bytes,
            at + Integer.BYTES,
            KeyBytes.intAt(bytes, at),
            arranged.hashes[i],
            in.numbers[entry]);
      }
    }
  }

  private Arrangement arrangement() {
    Arrangement arranged = arrangement;
    if (arranged == null) {
      arranged = new Arrangement();
      arrangement = arranged;
    }
    return arranged;
  }

  /** The hashes of all keys by partition, in insertion order. */
  private final class Arrangement {
    /** For each partition, the index of its first hash; at the end, the number of all. */
    private final int[] starts = new int[KeyPartitions.COUNT + 1];

    private final long[] hashes = new long[count];
    private int @Nullable [] keys;

    Arrangement() {
      for (int key = 0; key < count; key += BLOCK) {
        long[] some = blocks.get(key >>> BLOCK_BITS).hashes;
        for (int i = 0; i < Math.min(BLOCK, count - key); i++) {
          starts[partition(some[i]) + 1]++;
        }
      }
      for (int part = 0; part < KeyPartitions.COUNT; part++) {
        starts[part + 1] += starts[part];
      }
      int[] next = starts.clone();
      for (int key = 0; key < count; key += BLOCK) {
        long[] some = blocks.get(key >>> BLOCK_BITS).hashes;
        for (int i = 0; i < Math.min(BLOCK, count - key); i++) {
          hashes[next[partition(some[i])]++] = some[i];
        }
      }
    }

    int records(int part) {
      return starts[part + 1] - starts[part];
    }

    /** Returns which key each hash is of. */
    int[] keys() {
      int[] arranged = keys;
      if (arranged == null) {
        arranged = new int[count];
        int[] next = starts.clone();
        for (int key = 0; key < count; key++) {
          long hash = blocks.get(key >>> BLOCK_BITS).hashes[key & (BLOCK - 1)];
          arranged[next[partition(hash)]++] = key;
        }
        keys = arranged;
      }
      return arranged;
    }

    private static int partition(long hash) {
      return (int) hash & (KeyPartitions.COUNT - 1);
    }
  }
}
