package io.meshwork.internal.uniqueness;

import io.meshwork.contract.Rule;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.function.IntToLongFunction;
import java.util.function.LongPredicate;

/**
 * The keys of a rule that only counts rows: each batch is added as a whole, and the first row of a
 * key keeps it. A few keys are in a set, which detects duplicates at once. More keys are appended
 * to partitions, without a look at other keys, and each partition is checked after the end of the
 * input, while it fits the cache. Not thread-safe.
 */
public final class CountedKeys extends UniqueKeys {
  /** How many keys are touched before they are added: few enough for the fastest cache. */
  private static final int BLOCK = 512;

  /** How many keys a set has: few enough for the cache of a core. */
  public static final int MOST_IN_SET = 1 << 13;

  /** Creates the keys of one rule in one publish. */
  public CountedKeys(Rule rule, Settings settings) {
    super(rule, settings);
  }

  /** Receives rows whose key an earlier row has. */
  public interface Duplicates {
    /**
     * Receives a row.
     *
     * @param row its number in the batch
     * @param number its number in the input
     * @param earlier the row in the input that has its key
     */
    void taken(int row, long number, long earlier);
  }

  /**
   * Adds the keys of some rows of a batch.
   *
   * @param numbers the number in the input of each row of the batch; ascending
   */
  public void add(
      VectorBatch batch, RowMask rows, IntToLongFunction numbers, Duplicates duplicates) {
    int count = rowKeys.read(batch, rows);
    if (table != null) {
      range.add(rowKeys);
    }
    long[] hashes = rowKeys.hashes();
    int next = 0;
    while (spilled == null && next < count) {
      int end = Math.min(count, next + BLOCK);
      keys.touch(hashes, next, end);
      next = addToMemory(next, end, hashes, numbers, duplicates);
    }
    KeyPartitions partitions = spilled;
    if (partitions != null) {
      partitions.add(rowKeys, next, hashes, row -> numbers.applyAsLong(row) << ROW_BIT);
    }
  }

  /** Returns the first key that was not added. */
  private int addToMemory(
      int from, int to, long[] hashes, IntToLongFunction numbers, Duplicates duplicates) {
    for (int i = from; i < to; i++) {
      int row = rowKeys.row(i);
      long number = numbers.applyAsLong(row);
      long place =
          keys.size() < MOST_IN_SET
              ? keys.add(hashes[i], rowKeys, i, number << ROW_BIT)
              : KeySet.FULL;
      if (place == KeySet.FULL) {
        KeyPartitions partitions = newPartitionsInMemory();
        spilled = partitions;
        moveTo(partitions);
        return i;
      } else if (place != KeySet.ABSENT) {
        duplicates.taken(row, number, keys.number(place) >>> ROW_BIT);
      }
    }
    return to;
  }

  @Override
  void foundInTable(long row, LateDuplicates lateDuplicates) {
    lateDuplicates.taken(row, IN_TABLE);
  }

  @Override
  void settled() {
    // Rows are only counted: the first row of a key needs no further decision.
  }

  @Override
  void settle(KeyPartitions.KeyPartition file, LongPredicate met, LateDuplicates lateDuplicates) {
    KeySet keySet = new KeySet();
    file.read(
        met,
        (key, from, length, hash, number) -> {
          if (number != NO_ROW) {
            long at = keySet.add(hash, key, from, length, number);
            if (at != KeySet.ABSENT) {
              lateDuplicates.taken(number >>> ROW_BIT, keySet.number(at) >>> ROW_BIT);
            }
            return;
          }
          long at = keySet.find(hash, key, from, length);
          if (at != KeySet.ABSENT && (keySet.number(at) & TABLE_HAS_IT) == 0) {
            keySet.number(at, keySet.number(at) | TABLE_HAS_IT);
            lateDuplicates.taken(keySet.number(at) >>> ROW_BIT, IN_TABLE);
          }
        });
  }

  @Override
  boolean isReleased(long row) {
    return false;
  }
}
