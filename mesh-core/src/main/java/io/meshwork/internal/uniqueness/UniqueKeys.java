package io.meshwork.internal.uniqueness;

import io.meshwork.contract.Rule;
import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntToLongFunction;
import java.util.function.LongPredicate;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one uniqueness rule in one publish. Each key belongs to the first row that may keep
 * it. {@link CountedKeys} counts the other rows, {@link AssignedKeys} decides on each row.
 *
 * <p>Memory is limited; further keys are stored in a temporary file. The outcome of rows whose keys
 * are in partitions is known only after the end of the input. Whole keys are compared only where
 * two hashes meet. Not thread-safe.
 */
public abstract class UniqueKeys implements AutoCloseable, ExistingKeys.RequestedKeys {
  /** Receives rows whose key turns out to be taken after the end of input. */
  public interface LateDuplicates {
    /**
     * Receives a row.
     *
     * @param earlier a row with the key, or {@link #IN_TABLE}
     */
    void taken(long row, long earlier);
  }

  /** In place of a row: the table has the key. */
  public static final long IN_TABLE = -2;

  /** In place of a row: another row with the key is later. */
  public static final long OUTDATED = -3;

  /** No row. */
  public static final long NO_ROW = -1;

  // The number stored with a key consists of its row and the row's state.
  static final int PUBLISHED_STATE = 0;
  static final int HELD = 1;
  static final int RELEASED = 2;
  static final int STATE = 3;
  static final int TABLE_HAS_IT = 4;
  static final int ROW_BIT = 4;

  /** The difference of the numbers of successive rows. */
  static final long ROW_STEP = 1L << ROW_BIT;

  /** The minimum memory for evaluating one partition of a temporary file. */
  private static final long MIN_MEMORY = 1 << 18;

  /** The memory of a key in a set, besides its bytes. */
  private static final int KEY_OVERHEAD = 40;

  final @Nullable ExistingKeys table;
  final KeyRange range;
  final RowKeys rowKeys;
  final KeySet keys;
  @Nullable KeyPartitions spilled;

  private final List<String> columns;
  private final @Nullable RowPredicate filter;
  private final List<KeyColumn> keyColumns;
  private final KeyHash hash;
  private final long maxMemory;
  private final List<UnreadKeys> unread = new ArrayList<>();

  /** What a rule's keys need besides the rule. */
  public record Settings(
      Schema schema, @Nullable ExistingKeys table, long maxMemory, KeyHash hash) {}

  /** Rows of a publish in files, with their numbers. */
  public interface RowsInFiles {
    /**
     * Reads the rows.
     *
     * @throws io.meshwork.error.BackendException if a file cannot be read
     */
    void read(BiConsumer<VectorBatch, long[]> receiver);
  }

  /** Keys that were not compared one by one. */
  private record UnreadKeys(KeyRange range, RowsInFiles rows) {}

  UniqueKeys(Rule rule, Settings settings) {
    Schema schema = settings.schema;
    this.columns = rule.columns();
    this.filter = rule.where().map(text -> RowPredicate.parse(text, schema)).orElse(null);
    this.keyColumns = KeyColumn.of(schema, columns);
    this.hash = settings.hash;
    this.rowKeys = RowKeys.of(schema, columns, hash);
    this.table = settings.table;
    this.range = new KeyRange(keyColumns);
    this.maxMemory = settings.maxMemory;
    this.keys = new KeySet(memoryOfKeys());
  }

  /**
   * Removes from a selection the parts in which a key may be equal to another key, of a part or of
   * the table.
   *
   * @param parts the keys of all parts
   * @param apart whether a part is selected
   */
  public final void retainApart(List<KeyIntervals> parts, boolean[] apart) {
    KeyIntervals.retainApart(parts, apart);
    for (int i = 0; i < apart.length; i++) {
      apart[i] = apart[i] && (table == null || !table.mightContain(parts.get(i).range()));
    }
  }

  /**
   * Adds the keys of published rows that neither another row nor the table has. They are read only
   * if the table changes.
   */
  public final void addUnread(KeyIntervals intervals, RowsInFiles rows) {
    unread.add(new UnreadKeys(intervals.range(), rows));
  }

  /** Returns an empty temporary file for further keys. */
  final KeyPartitions newPartitions() {
    return new KeyPartitions(KeyPartitions.Contents.UNIQUE_KEYS, maxMemory);
  }

  /** Returns empty partitions for all keys, which stay in memory up to its limit. */
  final KeyPartitions newPartitionsInMemory() {
    return KeyPartitions.keeping(KeyPartitions.Contents.UNIQUE_KEYS, maxMemory, memoryOfKeys());
  }

  /** Returns the memory besides the blocks of the temporary file, in bytes. */
  private long memoryOfKeys() {
    return maxMemory - maxMemory / 4;
  }

  /** Returns the memory for evaluating one partition of the temporary file, in bytes. */
  final long partitionMemory() {
    return Math.max(memoryOfKeys(), MIN_MEMORY);
  }

  /** Moves all keys from the set to partitions. */
  final void moveTo(KeyPartitions partitions) {
    boolean[] ofBytes = new boolean[keyColumns.size()];
    for (int i = 0; i < ofBytes.length; i++) {
      ofBytes[i] = keyColumns.get(i).isBytes();
    }
    partitions.add(keys, (key, from) -> hash.ofKey(ofBytes, key, from));
    keys.clear();
  }

  /** Compares all keys with the table and with each other, after the end of the input. */
  public final void settle(LateDuplicates lateDuplicates) {
    if (table != null && table.mightContain(range)) {
      LongPredicate wanted = hashesOfPartitions();
      table.find(range, this, batch -> matchTableKeys(batch, wanted, lateDuplicates));
    }
    if (spilled != null) {
      long memory = spilled.isKept() ? Math.max(maxMemory / 4, MIN_MEMORY) : partitionMemory();
      spilled.each(part -> settle(part, memory, lateDuplicates));
    }
    settled();
  }

  /**
   * Returns a condition that is true for the hashes of all keys in partitions, so that other keys
   * of the table need not be stored; always true if the memory does not suffice.
   */
  private LongPredicate hashesOfPartitions() {
    KeyPartitions partitions = spilled;
    if (partitions == null) {
      return hashOfKey -> false;
    }
    long memory = partitions.isInMemory() ? maxMemory / 4 : memoryOfKeys();
    LongHashSet hashes = new LongHashSet(partitions.records(), memory);
    partitions.addHashes(hashes);
    return hashes.isFull() ? hashOfKey -> true : hashes::contains;
  }

  /** Ends the evaluation of keys after the end of the input. */
  abstract void settled();

  /** Processes a key in memory that the table has too, once. */
  abstract void foundInTable(long row, LateDuplicates lateDuplicates);

  /** Processes keys of the table. */
  private void matchTableKeys(
      VectorBatch batch, LongPredicate wanted, LateDuplicates lateDuplicates) {
    RowKeys theirs = RowKeys.of(batch.schema(), columns, hash);
    int count = theirs.read(batch);
    long[] hashes = theirs.hashes();
    keys.touch(hashes, 0, count);
    RowMask met = new RowMask(batch.rows());
    for (int i = 0; i < count; i++) {
      theirs.encode(i);
      long at = keys.find(hashes[i], theirs.bytes(), 0, theirs.length());
      if (at == KeySet.ABSENT) {
        if (spilled != null && wanted.test(hashes[i])) {
          met.set(theirs.row(i));
        }
      } else if ((keys.number(at) & TABLE_HAS_IT) == 0) {
        keys.number(at, keys.number(at) | TABLE_HAS_IT);
        foundInTable(keys.number(at) >>> ROW_BIT, lateDuplicates);
      }
    }
    if (spilled != null && met.count() > 0) {
      theirs.read(batch, met);
      spilled.add(theirs, 0, theirs.hashes(), row -> NO_ROW);
    }
  }

  /** Finds the hashes that several keys of a partition have, then compares these keys. */
  private void settle(KeyPartitions.KeyPartition part, long memory, LateDuplicates lateDuplicates) {
    LongHashSet repeated = part.repeatedHashes(memory);
    if (repeated == null && part.isDivisible()) {
      part.divide(all -> true, smaller -> settle(smaller, memory, lateDuplicates));
    } else if (repeated == null || repeated.size() > 0) {
      LongPredicate met = hashOfKey -> repeated == null || repeated.contains(hashOfKey);
      long keyBytes = part.bytes() / part.records() + KEY_OVERHEAD;
      long most = repeated == null ? part.records() : repeated.size();
      if (part.isDivisible() && most * keyBytes > memory) {
        part.divide(met, smaller -> settle(smaller, memory, lateDuplicates));
      } else {
        settle(part, met, lateDuplicates);
      }
    }
  }

  /** Compares the keys of a partition with these hashes; keys of the table come last. */
  abstract void settle(
      KeyPartitions.KeyPartition file, LongPredicate met, LateDuplicates lateDuplicates);

  /**
   * Counts the keys of published rows that a changed table contains.
   *
   * @param now the rows added to the table since
   */
  final KeyOverlap overlap(ExistingKeys now) {
    OverlapCount count = new OverlapCount();
    for (UnreadKeys each : unread) {
      if (now.mightContain(each.range)) {
        countUnread(each, now, count);
      }
    }
    if (now.mightContain(range)) {
      countRead(now, count);
    }
    return new KeyOverlap(count.keys, count.first);
  }

  private void countUnread(UnreadKeys some, ExistingKeys now, OverlapCount count) {
    try (KeyPartitions ours = newPartitions();
        KeyPartitions theirs = newPartitions()) {
      some.rows.read((batch, numbers) -> addAll(batch, ours, row -> numbers[row] << ROW_BIT));
      now.find(some.range, allKeys(), batch -> addAll(batch, theirs, row -> NO_ROW));
      for (int part = 0; part < KeyPartitions.COUNT; part++) {
        count(HashSlice.ofPartition(part), ours, theirs, count);
      }
    }
  }

  private void addAll(VectorBatch batch, KeyPartitions to, IntToLongFunction numbers) {
    RowKeys all = RowKeys.of(batch.schema(), columns, hash);
    all.read(batch);
    to.add(all, 0, all.hashes(), numbers);
  }

  private ExistingKeys.RequestedKeys allKeys() {
    return new ExistingKeys.RequestedKeys() {
      @Override
      public List<String> columns() {
        return columns;
      }

      @Override
      public @Nullable RowPredicate filter() {
        return filter;
      }

      @Override
      public boolean anyIn(List<@Nullable BloomFilter> filters) {
        return true;
      }
    };
  }

  private void countRead(ExistingKeys now, OverlapCount count) {
    try (KeyPartitions theirs = newPartitions()) {
      LongPredicate wanted = hashesOfPartitions();
      now.find(range, this, batch -> count(batch, theirs, wanted, count));
      if (spilled != null && theirs.records() > 0) {
        boolean few = theirs.bytes() <= maxMemory / 4;
        for (int part = 0; part < (few ? 1 : KeyPartitions.COUNT); part++) {
          count(few ? HashSlice.ALL : HashSlice.ofPartition(part), spilled, theirs, count);
        }
      }
    }
  }

  /**
   * Keys that both a publish and the table contain.
   *
   * @param keys number of keys
   * @param firstRow the first row of the publish with such a key, from 0; {@link #NO_ROW} if none
   */
  record KeyOverlap(long keys, long firstRow) {}

  private static final class OverlapCount {
    private long keys;
    private long first = NO_ROW;

    void add(long row) {
      keys++;
      first = first == NO_ROW ? row : Math.min(first, row);
    }
  }

  private void count(
      VectorBatch batch, KeyPartitions theirs, LongPredicate wanted, OverlapCount count) {
    RowKeys tableKeys = RowKeys.of(batch.schema(), columns, hash);
    int size = tableKeys.read(batch);
    long[] hashes = tableKeys.hashes();
    keys.touch(hashes, 0, size);
    for (int i = 0; i < size; i++) {
      tableKeys.encode(i);
      long at = keys.find(hashes[i], tableKeys.bytes(), 0, tableKeys.length());
      long number = at == KeySet.ABSENT ? RELEASED : keys.number(at);
      if ((number & STATE) == PUBLISHED_STATE && (number & TABLE_HAS_IT) == 0) {
        keys.number(at, number | TABLE_HAS_IT);
        count.add(number >>> ROW_BIT);
      } else if (at == KeySet.ABSENT && wanted.test(hashes[i])) {
        theirs.add(tableKeys.bytes(), 0, tableKeys.length(), hashes[i], NO_ROW);
      }
    }
  }

  private void count(
      HashSlice slice, KeyPartitions ours, KeyPartitions theirs, OverlapCount count) {
    KeySet existing = new KeySet();
    LongHashSet hashes = new LongHashSet(0, Long.MAX_VALUE);
    theirs.read(
        slice,
        all -> true,
        (key, from, length, hashOfKey, number) -> {
          existing.add(hashOfKey, key, from, length, PUBLISHED_STATE);
          hashes.add(hashOfKey);
        });
    ours.read(
        slice,
        hashes::contains,
        (key, from, length, hashOfKey, number) -> {
          if (number == NO_ROW || isReleased(number >>> ROW_BIT)) {
            return;
          }
          long at = existing.find(hashOfKey, key, from, length);
          if (at != KeySet.ABSENT && existing.number(at) == PUBLISHED_STATE) {
            existing.number(at, TABLE_HAS_IT);
            count.add(number >>> ROW_BIT);
          }
        });
  }

  /** Returns true if a row in the temporary file is not published. */
  abstract boolean isReleased(long row);

  @Override
  public final List<String> columns() {
    return columns;
  }

  @Override
  public final @Nullable RowPredicate filter() {
    return filter;
  }

  @Override
  public final boolean anyIn(List<@Nullable BloomFilter> filters) {
    boolean[] isFound = new boolean[1];
    keys.each((key, from, length, number) -> isFound[0] = isFound[0] || isIn(key, from, filters));
    KeyPartitions partitions = spilled;
    if (isFound[0] || partitions == null) {
      return isFound[0];
    } else if (!partitions.isInMemory()) {
      return true;
    }
    partitions.read(
        HashSlice.ALL,
        all -> !isFound[0],
        (key, from, length, hashOfKey, number) -> isFound[0] = isIn(key, from, filters));
    return isFound[0];
  }

  private boolean isIn(byte[] bytes, int from, List<@Nullable BloomFilter> filters) {
    int at = from;
    for (int i = 0; i < filters.size(); i++) {
      BloomFilter filter = filters.get(i);
      if (keyColumns.get(i).isBytes()) {
        int length = KeyBytes.intAt(bytes, at);
        if (filter != null && !filter.mightContain(bytes, at + Integer.BYTES, length)) {
          return false;
        }
        at += Integer.BYTES + length;
      } else {
        if (filter != null && !filter.mightContain(KeyBytes.longAt(bytes, at))) {
          return false;
        }
        at += Long.BYTES;
      }
    }
    return true;
  }

  /** Removes the keys and deletes the temporary files. */
  @Override
  public void close() {
    if (spilled != null) {
      spilled.close();
    }
  }
}
