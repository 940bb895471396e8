package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import java.util.function.LongPredicate;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one uniqueness rule. Each key belongs to the first row that may keep it: a published
 * row, or one that is undecided until the end of input. First look up a row, then let it take or
 * release its key.
 *
 * <p>Memory is limited; further keys are stored in temporary files, and the outcome of their rows
 * is known only after {@link #settle}. If rows are only counted, all further keys are stored in
 * files. If the outcome of each row is decided, which requires input order, keys in memory stay
 * there, and rows with other keys are {@link KeyState#OPEN}; memory then accepts only keys that
 * occur more than once. Not thread-safe.
 */
final class UniqueKeys implements AutoCloseable, ExistingKeys.RequestedKeys {
  /** The state of a row's key. */
  enum KeyState {
    /** A column is null: the rule does not apply to the row. */
    LEFT_OUT,
    /** No other row has the key. */
    FREE,
    /** A published row or the table has the key. */
    TAKEN,
    /** An undecided row has the key. */
    TAKEN_BY_HELD,
    /** Known after the end of the input. */
    OPEN
  }

  /** Receives rows whose key turns out to be taken after the end of input. */
  interface LateDuplicates {
    /**
     * Receives a row.
     *
     * @param marked the value passed when the row took its key
     * @param earlier a row with the key, or {@link #IN_TABLE}
     */
    void taken(long row, boolean marked, long earlier);
  }

  /** The minimum memory for evaluating one temporary file. */
  private static final long MIN_MEMORY = 1 << 20;

  /** In place of a row: the table has the key. */
  static final long IN_TABLE = -2;

  /** In place of a row: another row with the key is later. */
  static final long OUTDATED = -3;

  /** No row. */
  static final long NO_ROW = -1;

  // The number stored with a key consists of its row and the row's state.
  private static final int PUBLISHED_STATE = 0;
  private static final int HELD = 1;
  private static final int RELEASED = 2;
  private static final int STATE = 3;
  private static final int TABLE_HAS_IT = 4;
  private static final int MARKED = 8;
  private static final int ROW_BIT = 4;

  private final List<String> columns;
  private final @Nullable RowPredicate filter;
  private final List<KeyColumn> keyColumns;
  private final RowKey key;
  private final boolean deciding;
  private final long maxMemory;
  private final @Nullable ExistingKeys table;
  private final KeyRange range;
  private final KeyRange batchRange;
  private final KeySet keys = new KeySet();
  private final RowSet repeated = new RowSet();
  private final RowSet inTable = new RowSet();
  private final RowSet releasedRows = new RowSet();
  private final @Nullable LatestRows latest;
  private @Nullable KeyPartitions spilled;
  private boolean mayBeInTable;
  private boolean settled;

  private long currentRow;
  private int currentRowInBatch;
  private long place;
  private long earlier;
  private KeyState state = KeyState.LEFT_OUT;

  /** Returns a condition that is true the first time it receives a row, and false afterwards. */
  static LongPredicate firstOccurrences() {
    return new RowSet()::add;
  }

  /**
   * Creates the keys of one rule in one publish.
   *
   * @param deciding whether the rule decides the outcome of each row, or only counts rows
   * @param table existing keys; null if the rule does not consider them
   * @param maxMemory approximate memory limit in bytes
   */
  UniqueKeys(
      Schema schema, Rule rule, boolean deciding, @Nullable ExistingKeys table, long maxMemory) {
    this.columns = rule.columns();
    this.filter = rule.where().map(text -> RowPredicate.parse(text, schema)).orElse(null);
    this.keyColumns = KeyColumn.of(schema, columns);
    this.key = RowKey.of(schema, columns);
    this.deciding = deciding;
    this.table = table;
    this.range = new KeyRange(keyColumns);
    this.batchRange = new KeyRange(keyColumns);
    this.maxMemory = maxMemory;
    this.latest =
        deciding
            ? rule.keepLatestBy().map(column -> new LatestRows(schema, column)).orElse(null)
            : null;
  }

  /** Starts a batch, whose rows are looked up next. */
  void begin(VectorBatch batch) {
    mayBeInTable = false;
    if (deciding && table != null && table != ExistingKeys.NONE && !settled) {
      batchRange.clear();
      for (int row = 0; row < batch.rows(); row++) {
        if (key.read(batch, row)) {
          batchRange.add(key.bytes());
        }
      }
      mayBeInTable = table.mightContain(batchRange);
    }
  }

  /** Returns the state of a row's key, and remembers the row for the following call. */
  KeyState lookUp(VectorBatch batch, int row, long rowNumber) {
    place = KeySet.ABSENT;
    currentRow = rowNumber;
    currentRowInBatch = row;
    earlier = NO_ROW;
    state = key.read(batch, row) ? stateOfKey(rowNumber) : KeyState.LEFT_OUT;
    return state;
  }

  private KeyState stateOfKey(long row) {
    if (!settled && table != null) {
      range.add(key.bytes());
    }
    if (spilled != null && !deciding) {
      return KeyState.OPEN;
    }
    place = keys.find(key.bytes(), key.length());
    KeyState found = place == KeySet.ABSENT ? ofUnknown(row) : ofKnown(keys.number(place), row);
    if (found != KeyState.FREE) {
      return found;
    } else if (!settled) {
      return mayBeInTable || latest != null ? KeyState.OPEN : KeyState.FREE;
    } else if (latest != null && !latest.isLatest(row)) {
      earlier = OUTDATED;
      return KeyState.TAKEN;
    }
    return KeyState.FREE;
  }

  private KeyState ofKnown(long number, long row) {
    earlier = settled && (number & TABLE_HAS_IT) != 0 ? IN_TABLE : number >>> ROW_BIT;
    if (earlier == IN_TABLE || (number & STATE) == PUBLISHED_STATE) {
      return KeyState.TAKEN;
    }
    return (number & STATE) == RELEASED || earlier == row ? KeyState.FREE : KeyState.TAKEN_BY_HELD;
  }

  private KeyState ofUnknown(long row) {
    if (spilled == null) {
      return KeyState.FREE;
    } else if (!settled) {
      return KeyState.OPEN;
    } else if (inTable.contains(row)) {
      earlier = IN_TABLE;
      return KeyState.TAKEN;
    }
    return KeyState.FREE;
  }

  /** Returns the state of the key that was looked up last. */
  KeyState stateOfKey() {
    return state;
  }

  /** Skips a row that the rule does not apply to. */
  KeyState withoutRow() {
    place = KeySet.ABSENT;
    state = KeyState.LEFT_OUT;
    return state;
  }

  /**
   * Returns the row that has the key that was looked up last, {@link #IN_TABLE}, or {@link
   * #NO_ROW}.
   */
  long earlierRow() {
    return earlier;
  }

  /**
   * Assigns the key that was looked up last to a published row.
   *
   * @param marked passed to {@link LateDuplicates} if the key turns out to be taken
   */
  void assign(boolean marked) {
    if (state == KeyState.FREE || state == KeyState.OPEN) {
      take(currentRow << ROW_BIT | (marked ? MARKED : 0) | PUBLISHED_STATE);
    }
  }

  /**
   * Assigns the key that was looked up last to an undecided row.
   *
   * @param batch the row's batch
   * @param tolerated whether the row breaks a rule with a tolerance
   * @param neverPublished whether the row is certainly not published
   */
  void assignTemporarily(VectorBatch batch, boolean tolerated, boolean neverPublished) {
    if (latest != null && state != KeyState.LEFT_OUT && !neverPublished) {
      latest.add(batch, currentRowInBatch, key.bytes(), key.length(), tolerated, currentRow);
    }
    if (state == KeyState.FREE || state == KeyState.OPEN) {
      take(currentRow << ROW_BIT | HELD);
    }
  }

  private void take(long number) {
    if (place != KeySet.ABSENT) {
      keys.number(place, number | (keys.number(place) & TABLE_HAS_IT));
    } else if (spilled == null) {
      keys.add(number);
      if (keys.memory() > maxMemory && !settled) {
        spill();
      }
    } else if (!settled) {
      spilled.add(key.bytes(), key.length(), KeySet.hash(key.bytes(), key.length()), number);
    } else if (repeated.contains(currentRow)) {
      keys.add(number);
    }
  }

  private void spill() {
    KeyPartitions files = new KeyPartitions();
    spilled = files;
    if (!deciding) {
      for (long at = 0; at < keys.end(); at = keys.next(at)) {
        byte[] one = keys.key(at);
        int length = keys.lengthAt(at);
        files.add(one, length, KeySet.hash(one, length), keys.number(at));
      }
      keys.clear();
    }
  }

  /** Releases the key that was looked up last, because its row is not published. */
  void release() {
    if (place == KeySet.ABSENT) {
      if (spilled != null) {
        releasedRows.add(currentRow);
      }
      return;
    }
    long number = keys.number(place);
    if ((number & STATE) == HELD && number >>> ROW_BIT == currentRow) {
      keys.number(place, (number & ~STATE) | RELEASED);
    }
  }

  /** Decides, at the end of input, the rows that are still open. */
  void settle(LateDuplicates lateDuplicates) {
    if (table != null && table.mightContain(range)) {
      table.find(range, this, batch -> matchTableKeys(batch, lateDuplicates));
    }
    if (spilled != null) {
      spilled.each(Math.max(maxMemory, MIN_MEMORY), file -> settle(file, lateDuplicates));
    }
    if (latest != null) {
      latest.settle(Math.max(maxMemory, MIN_MEMORY));
    }
    settled = true;
  }

  /** Processes keys of the table. */
  private void matchTableKeys(VectorBatch batch, LateDuplicates lateDuplicates) {
    RowKey tableKey = RowKey.of(batch.schema(), columns);
    for (int row = 0; row < batch.rows(); row++) {
      if (!tableKey.read(batch, row)) {
        continue;
      }
      long at = keys.find(tableKey.bytes(), tableKey.length());
      if (at != KeySet.ABSENT) {
        long number = keys.number(at);
        if ((number & TABLE_HAS_IT) == 0) {
          keys.number(at, number | TABLE_HAS_IT);
          if (!deciding) {
            lateDuplicates.taken(number >>> ROW_BIT, (number & MARKED) != 0, IN_TABLE);
          }
        }
      } else if (spilled != null) {
        spilled.add(tableKey.bytes(), tableKey.length(), keys.lastHash(), NO_ROW);
      }
    }
  }

  /** Processes one file, in which keys of the table come last. */
  private void settle(KeyPartitions.Partition file, LateDuplicates lateDuplicates) {
    KeySet known = new KeySet();
    boolean[] tableHasSome = new boolean[1];
    file.read(
        (bytes, length, hash, number) -> {
          long at = known.find(bytes, length);
          if (number == NO_ROW) {
            if (at != KeySet.ABSENT && (known.number(at) & TABLE_HAS_IT) == 0) {
              long owner = known.number(at);
              known.number(at, owner | TABLE_HAS_IT);
              tableHasSome[0] = true;
              if (!deciding) {
                lateDuplicates.taken(owner >>> ROW_BIT, (owner & MARKED) != 0, IN_TABLE);
              }
            }
          } else if (at == KeySet.ABSENT) {
            known.add(number);
          } else if (deciding) {
            repeated.add(known.number(at) >>> ROW_BIT);
            repeated.add(number >>> ROW_BIT);
          } else {
            lateDuplicates.taken(
                number >>> ROW_BIT, (number & MARKED) != 0, known.number(at) >>> ROW_BIT);
          }
        });
    if (deciding && tableHasSome[0]) {
      file.read(
          (bytes, length, hash, number) -> {
            long at = number == NO_ROW ? KeySet.ABSENT : known.find(bytes, length);
            if (at != KeySet.ABSENT && (known.number(at) & TABLE_HAS_IT) != 0) {
              inTable.add(number >>> ROW_BIT);
            }
          });
    }
  }

  /**
   * Counts the keys of published rows that a changed table contains.
   *
   * @param now the rows added to the table since
   */
  KeyOverlap overlap(ExistingKeys now) {
    if (!now.mightContain(range)) {
      return KeyOverlap.NONE;
    }
    MeetingCount count = new MeetingCount();
    try (KeyPartitions theirs = new KeyPartitions()) {
      now.find(range, this, batch -> count(batch, theirs, count));
      if (spilled != null) {
        for (int part = 0; part < KeyPartitions.COUNT; part++) {
          count(part, spilled, theirs, count);
        }
      }
    }
    return new KeyOverlap(count.keys, count.first);
  }

  /**
   * Keys that both a publish and the table contain.
   *
   * @param keys number of keys
   * @param firstRow the first row of the publish with such a key, from 0; {@link #NO_ROW} if none
   */
  record KeyOverlap(long keys, long firstRow) {
    static final KeyOverlap NONE = new KeyOverlap(0, NO_ROW);
  }

  private static final class MeetingCount {
    private long keys;
    private long first = NO_ROW;

    void add(long row) {
      keys++;
      first = first == NO_ROW ? row : Math.min(first, row);
    }
  }

  private void count(VectorBatch batch, KeyPartitions theirs, MeetingCount count) {
    RowKey tableKey = RowKey.of(batch.schema(), columns);
    for (int row = 0; row < batch.rows(); row++) {
      if (!tableKey.read(batch, row)) {
        continue;
      }
      long at = keys.find(tableKey.bytes(), tableKey.length());
      long number = at == KeySet.ABSENT ? RELEASED : keys.number(at);
      if ((number & STATE) == PUBLISHED_STATE && (number & TABLE_HAS_IT) == 0) {
        keys.number(at, number | TABLE_HAS_IT);
        count.add(number >>> ROW_BIT);
      } else if (at == KeySet.ABSENT && spilled != null) {
        theirs.add(tableKey.bytes(), tableKey.length(), keys.lastHash(), NO_ROW);
      }
    }
  }

  private void count(int part, KeyPartitions ours, KeyPartitions theirs, MeetingCount count) {
    KeySet existingKeys = new KeySet();
    theirs.readOne(
        part,
        (bytes, length, hash, number) -> {
          if (existingKeys.find(bytes, length) == KeySet.ABSENT) {
            existingKeys.add(PUBLISHED_STATE);
          }
        });
    if (existingKeys.size() == 0) {
      return;
    }
    ours.readOne(
        part,
        (bytes, length, hash, number) -> {
          if (number == NO_ROW || releasedRows.contains(number >>> ROW_BIT)) {
            return;
          }
          long at = existingKeys.find(bytes, length);
          if (at != KeySet.ABSENT && existingKeys.number(at) == PUBLISHED_STATE) {
            existingKeys.number(at, TABLE_HAS_IT);
            count.add(number >>> ROW_BIT);
          }
        });
  }

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
    if (spilled != null) {
      return true;
    }
    for (long at = 0; at < keys.end(); at = keys.next(at)) {
      if (isIn(keys.key(at), filters)) {
        return true;
      }
    }
    return false;
  }

  private boolean isIn(byte[] bytes, List<@Nullable BloomFilter> filters) {
    int at = 0;
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
    if (latest != null) {
      latest.close();
    }
  }
}
