package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.internal.columnar.BloomFilter;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.Predicate;
import java.util.List;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one uniqueness rule, each belonging to the first row that may keep it: a row that is
 * published, or one whose fate is open until the end of input. First look at a row, then let it
 * take or release its key.
 *
 * <p>Memory has a limit; keys beyond it go to temporary files, and what becomes of their rows is
 * known after {@link #settle} alone. Where rows are only counted, all keys go there. Where each
 * row's fate is decided, as it has to be in the order of the input, those that memory knows stay,
 * and rows with other keys are {@link Standing#OPEN}; memory then takes in no more but keys that
 * came more than once. Not thread-safe.
 */
final class UniqueKeys implements AutoCloseable, StandingKeys.Asked {
  /** How a row's key stands. */
  enum Standing {
    /** A column is null: the row is left out. */
    LEFT_OUT,
    /** Nobody has the key, or this row itself. */
    FREE,
    /** A published row has it, or the table. */
    TAKEN,
    /** A row whose fate is open has it. */
    TAKEN_BY_HELD,
    /** Known after the end of the input. */
    OPEN
  }

  /** Is told of rows of which it turned out late that their key is taken. */
  interface Late {
    /**
     * One more row.
     *
     * @param marked as it was said when the row took its key
     * @param earlier a row with the key, or {@link #IN_TABLE}
     */
    void taken(long row, boolean marked, long earlier);
  }

  /** What looking through one temporary file may take at least. */
  private static final long LEAST_MEMORY = 1 << 20;

  /** In the place of a row: the table has the key. */
  static final long IN_TABLE = -2;

  /** In the place of a row: another one with the key is later. */
  static final long OUTDATED = -3;

  /** No row. */
  static final long NOBODY = -1;

  // The number beside a key: its row, and how that stands.
  private static final int GOOD = 0;
  private static final int HELD = 1;
  private static final int RELEASED = 2;
  private static final int STATE = 3;
  private static final int TABLE_HAS_IT = 4;
  private static final int MARKED = 8;
  private static final int ROW_BIT = 4;

  private final List<String> columns;
  private final @Nullable Predicate filter;
  private final List<KeyColumn> keyColumns;
  private final RowKey key;
  private final boolean deciding;
  private final long mostMemory;
  private final @Nullable StandingKeys table;
  private final KeyRange range;
  private final KeyRange batchRange;
  private final KeySet keys = new KeySet();
  private final RowSet repeated = new RowSet();
  private final RowSet inTable = new RowSet();
  private final RowSet setAside = new RowSet();
  private final @Nullable LatestRows latest;
  private @Nullable KeyPartitions spilled;
  private boolean tableMayHave;
  private boolean settled;

  private long lookedAt;
  private int lookedAtIn;
  private long place;
  private long earlier;
  private Standing standing = Standing.LEFT_OUT;

  /**
   * Of one rule in one publish.
   *
   * @param deciding whether each row's fate hangs on it, or rows are only counted
   * @param table what stands beside the publish; null where that is not asked
   * @param mostMemory in bytes, more or less
   */
  UniqueKeys(
      Schema schema, Rule rule, boolean deciding, @Nullable StandingKeys table, long mostMemory) {
    this.columns = rule.columns();
    this.filter = rule.where().map(text -> Predicate.parse(text, schema)).orElse(null);
    this.keyColumns = KeyColumn.of(schema, columns);
    this.key = RowKey.of(schema, columns);
    this.deciding = deciding;
    this.table = table;
    this.range = new KeyRange(keyColumns);
    this.batchRange = new KeyRange(keyColumns);
    this.mostMemory = mostMemory;
    this.latest =
        deciding
            ? rule.keepLatestBy().map(column -> new LatestRows(schema, column)).orElse(null)
            : null;
  }

  /** The rows of a batch are looked at next. */
  void begin(VectorBatch batch) {
    tableMayHave = false;
    if (deciding && table != null && table != StandingKeys.NONE && !settled) {
      batchRange.clear();
      for (int row = 0; row < batch.rows(); row++) {
        if (key.read(batch, row)) {
          batchRange.add(key.bytes());
        }
      }
      tableMayHave = table.mayHold(batchRange);
    }
  }

  /** How the key of a row stands; remembered for what is done next. */
  Standing look(VectorBatch batch, int row, long rowNumber) {
    place = KeySet.ABSENT;
    lookedAt = rowNumber;
    lookedAtIn = row;
    earlier = NOBODY;
    standing = key.read(batch, row) ? standing(rowNumber) : Standing.LEFT_OUT;
    return standing;
  }

  private Standing standing(long row) {
    if (!settled && table != null) {
      range.add(key.bytes());
    }
    if (spilled != null && !deciding) {
      return Standing.OPEN;
    }
    place = keys.find(key.bytes(), key.length());
    Standing found = place == KeySet.ABSENT ? ofUnknown(row) : ofKnown(keys.number(place), row);
    if (found != Standing.FREE) {
      return found;
    } else if (!settled) {
      return tableMayHave || latest != null ? Standing.OPEN : Standing.FREE;
    } else if (latest != null && !latest.isLatest(row)) {
      earlier = OUTDATED;
      return Standing.TAKEN;
    }
    return Standing.FREE;
  }

  private Standing ofKnown(long number, long row) {
    earlier = settled && (number & TABLE_HAS_IT) != 0 ? IN_TABLE : number >>> ROW_BIT;
    if (earlier == IN_TABLE || (number & STATE) == GOOD) {
      return Standing.TAKEN;
    }
    return (number & STATE) == RELEASED || earlier == row ? Standing.FREE : Standing.TAKEN_BY_HELD;
  }

  private Standing ofUnknown(long row) {
    if (spilled == null) {
      return Standing.FREE;
    } else if (!settled) {
      return Standing.OPEN;
    } else if (inTable.contains(row)) {
      earlier = IN_TABLE;
      return Standing.TAKEN;
    }
    return Standing.FREE;
  }

  /** How the key that was looked at last stood then. */
  Standing standing() {
    return standing;
  }

  /** Passes over a row that the rule does not look at. */
  Standing leaveOut() {
    place = KeySet.ABSENT;
    standing = Standing.LEFT_OUT;
    return standing;
  }

  /** True if the rule looks beyond the publish. */
  boolean asksTable() {
    return table != null;
  }

  /**
   * The row that has the key that was looked at last and is taken, {@link #IN_TABLE}, or {@link
   * #NOBODY}.
   */
  long earlierRow() {
    return earlier;
  }

  /**
   * Gives the key that was looked at to a published row.
   *
   * @param marked told again if the key turns out to be taken
   */
  void takeForGood(boolean marked) {
    if (standing == Standing.FREE || standing == Standing.OPEN) {
      take(lookedAt << ROW_BIT | (marked ? MARKED : 0) | GOOD);
    }
  }

  /**
   * Gives the key that was looked at to a row whose fate is open.
   *
   * @param batch the row's
   * @param tolerated whether it breaks a rule that tolerates some
   * @param doomed whether it is not published in any case
   */
  void takeForNow(VectorBatch batch, boolean tolerated, boolean doomed) {
    if (latest != null && standing != Standing.LEFT_OUT && !doomed) {
      latest.add(batch, lookedAtIn, key.bytes(), key.length(), tolerated, lookedAt);
    }
    if (standing == Standing.FREE || standing == Standing.OPEN) {
      take(lookedAt << ROW_BIT | HELD);
    }
  }

  private void take(long number) {
    if (place != KeySet.ABSENT) {
      keys.number(place, number | (keys.number(place) & TABLE_HAS_IT));
    } else if (spilled == null) {
      keys.add(number);
      if (keys.memory() > mostMemory && !settled) {
        spill();
      }
    } else if (!settled) {
      spilled.add(key.bytes(), key.length(), KeySet.hash(key.bytes(), key.length()), number);
    } else if (repeated.contains(lookedAt)) {
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

  /** Takes the key that was looked at from a row that is not published after all. */
  void release() {
    if (place == KeySet.ABSENT) {
      if (spilled != null) {
        setAside.add(lookedAt);
      }
      return;
    }
    long number = keys.number(place);
    if ((number & STATE) == HELD && number >>> ROW_BIT == lookedAt) {
      keys.number(place, (number & ~STATE) | RELEASED);
    }
  }

  /** Finds out, at the end of the input, what was left open. */
  void settle(Late late) {
    if (table != null && table.mayHold(range)) {
      table.find(range, this, batch -> meet(batch, late));
    }
    if (spilled != null) {
      spilled.each(Math.max(mostMemory, LEAST_MEMORY), file -> settle(file, late));
    }
    if (latest != null) {
      latest.settle(Math.max(mostMemory, LEAST_MEMORY));
    }
    settled = true;
  }

  /** Keys that the table has. */
  private void meet(VectorBatch batch, Late late) {
    RowKey standingKey = RowKey.of(batch.schema(), columns);
    for (int row = 0; row < batch.rows(); row++) {
      if (!standingKey.read(batch, row)) {
        continue;
      }
      long at = keys.find(standingKey.bytes(), standingKey.length());
      if (at != KeySet.ABSENT) {
        long number = keys.number(at);
        if ((number & TABLE_HAS_IT) == 0) {
          keys.number(at, number | TABLE_HAS_IT);
          if (!deciding) {
            late.taken(number >>> ROW_BIT, (number & MARKED) != 0, IN_TABLE);
          }
        }
      } else if (spilled != null) {
        spilled.add(standingKey.bytes(), standingKey.length(), keys.lastHash(), NOBODY);
      }
    }
  }

  /** Keys of the table come last in a file. */
  private void settle(KeyPartitions.Partition file, Late late) {
    KeySet known = new KeySet();
    boolean[] tableHasSome = new boolean[1];
    file.read(
        (bytes, length, hash, number) -> {
          long at = known.find(bytes, length);
          if (number == NOBODY) {
            if (at != KeySet.ABSENT && (known.number(at) & TABLE_HAS_IT) == 0) {
              long owner = known.number(at);
              known.number(at, owner | TABLE_HAS_IT);
              tableHasSome[0] = true;
              if (!deciding) {
                late.taken(owner >>> ROW_BIT, (owner & MARKED) != 0, IN_TABLE);
              }
            }
          } else if (at == KeySet.ABSENT) {
            known.add(number);
          } else if (deciding) {
            repeated.add(known.number(at) >>> ROW_BIT);
            repeated.add(number >>> ROW_BIT);
          } else {
            late.taken(number >>> ROW_BIT, (number & MARKED) != 0, known.number(at) >>> ROW_BIT);
          }
        });
    if (deciding && tableHasSome[0]) {
      file.read(
          (bytes, length, hash, number) -> {
            long at = number == NOBODY ? KeySet.ABSENT : known.find(bytes, length);
            if (at != KeySet.ABSENT && (known.number(at) & TABLE_HAS_IT) != 0) {
              inTable.add(number >>> ROW_BIT);
            }
          });
    }
  }

  /**
   * How many keys of published rows are among those of a table that has changed since.
   *
   * @param now what has come to stand beside the publish
   */
  Meeting meeting(StandingKeys now) {
    if (!now.mayHold(range)) {
      return Meeting.NONE;
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
    return new Meeting(count.keys, count.first);
  }

  /**
   * Keys that a publish and the table both have.
   *
   * @param keys how many
   * @param firstRow the first row of the publish with such a key, from 0; {@link #NOBODY} if none
   */
  record Meeting(long keys, long firstRow) {
    static final Meeting NONE = new Meeting(0, NOBODY);
  }

  private static final class MeetingCount {
    private long keys;
    private long first = NOBODY;

    void add(long row) {
      keys++;
      first = first == NOBODY ? row : Math.min(first, row);
    }
  }

  private void count(VectorBatch batch, KeyPartitions theirs, MeetingCount count) {
    RowKey standingKey = RowKey.of(batch.schema(), columns);
    for (int row = 0; row < batch.rows(); row++) {
      if (!standingKey.read(batch, row)) {
        continue;
      }
      long at = keys.find(standingKey.bytes(), standingKey.length());
      long number = at == KeySet.ABSENT ? RELEASED : keys.number(at);
      if ((number & STATE) == GOOD && (number & TABLE_HAS_IT) == 0) {
        keys.number(at, number | TABLE_HAS_IT);
        count.add(number >>> ROW_BIT);
      } else if (at == KeySet.ABSENT && spilled != null) {
        theirs.add(standingKey.bytes(), standingKey.length(), keys.lastHash(), NOBODY);
      }
    }
  }

  private void count(int part, KeyPartitions ours, KeyPartitions theirs, MeetingCount count) {
    KeySet standing = new KeySet();
    theirs.readOne(
        part,
        (bytes, length, hash, number) -> {
          if (standing.find(bytes, length) == KeySet.ABSENT) {
            standing.add(GOOD);
          }
        });
    if (standing.size() == 0) {
      return;
    }
    ours.readOne(
        part,
        (bytes, length, hash, number) -> {
          if (number == NOBODY || setAside.contains(number >>> ROW_BIT)) {
            return;
          }
          long at = standing.find(bytes, length);
          if (at != KeySet.ABSENT && standing.number(at) == GOOD) {
            standing.number(at, TABLE_HAS_IT);
            count.add(number >>> ROW_BIT);
          }
        });
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public @Nullable Predicate filter() {
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
        int length = BigEndian.intAt(bytes, at);
        if (filter != null && !filter.mayHold(bytes, at + Integer.BYTES, length)) {
          return false;
        }
        at += Integer.BYTES + length;
      } else {
        if (filter != null && !filter.mayHold(BigEndian.longAt(bytes, at))) {
          return false;
        }
        at += Long.BYTES;
      }
    }
    return true;
  }

  /** Forgets the keys and deletes the temporary files. */
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
