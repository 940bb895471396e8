package io.meshwork.internal.uniqueness;

import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RuleCondition.Unique;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.vector.VectorBatch;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a rule that decides on each row: a key belongs to a published row, or to one that is
 * undecided until the end of input. First look up a row, then let it take or release its key.
 *
 * <p>When memory ends, the keys in memory stay there, and rows with other keys are {@link
 * KeyState#OPEN}; after the end of input, memory then accepts only keys that occur more than once.
 * Not thread-safe.
 */
public final class AssignedKeys extends UniqueKeys {
  /** The state of a row's key. */
  public enum KeyState {
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

  private final KeyRange batchRange;
  private final RowSet repeated = new RowSet();
  private final RowSet inTable = new RowSet();
  private final RowSet releasedRows = new RowSet();
  private final @Nullable LatestRows latest;
  private boolean mayBeInTable;
  private boolean settled;

  private long[] hashes = new long[0];
  private int currentKey;
  private long currentRow;
  private int currentRowInBatch;
  private long place = KeySet.ABSENT;
  private long earlier;
  private KeyState state = KeyState.LEFT_OUT;

  /** Creates the keys of one rule in one publish. */
  public AssignedKeys(Rule rule, Settings settings) {
    super(rule, settings);
    this.batchRange = new KeyRange(range.columns());
    this.latest =
        RuleConditions.of(rule) instanceof Unique unique && unique.keepLatestBy() != null
            ? new LatestRows(settings.schema(), unique.keepLatestBy(), settings.maxMemory())
            : null;
  }

  /** Starts a batch, whose rows are looked up next. */
  public void begin(VectorBatch batch) {
    int count = rowKeys.read(batch);
    hashes = rowKeys.hashes();
    keys.touch(hashes, 0, count);
    mayBeInTable = false;
    if (!settled && table != null) {
      range.add(rowKeys);
      if (table != ExistingKeys.NONE) {
        batchRange.clear();
        batchRange.add(rowKeys);
        mayBeInTable = table.mightContain(batchRange);
      }
    }
  }

  /** Returns the state of a row's key, and remembers the row for the following call. */
  public KeyState lookUp(int row, long rowNumber) {
    place = KeySet.ABSENT;
    currentRow = rowNumber;
    currentRowInBatch = row;
    earlier = NO_ROW;
    currentKey = rowKeys.ofRow(row);
    if (currentKey == RowKeys.NONE) {
      state = KeyState.LEFT_OUT;
    } else {
      rowKeys.encode(currentKey);
      state = stateOfRow(rowNumber);
    }
    return state;
  }

  private KeyState stateOfRow(long row) {
    place = keys.find(hashes[currentKey], rowKeys.bytes(), 0, rowKeys.length());
    KeyState state = place == KeySet.ABSENT ? ofUnknown(row) : ofKnown(keys.number(place), row);
    if (state != KeyState.FREE) {
      return state;
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
  public KeyState stateOfKey() {
    return state;
  }

  /** Skips a row that the rule does not apply to. */
  public KeyState withoutRow() {
    place = KeySet.ABSENT;
    state = KeyState.LEFT_OUT;
    return state;
  }

  /**
   * Returns the row that has the key that was looked up last, {@link #IN_TABLE}, or {@link
   * #NO_ROW}.
   */
  public long earlierRow() {
    return earlier;
  }

  /** Assigns the key that was looked up last to a published row. */
  public void assign() {
    if (state == KeyState.FREE || state == KeyState.OPEN) {
      take(currentRow << ROW_BIT | PUBLISHED_STATE);
    }
  }

  /**
   * Assigns the key that was looked up last to an undecided row.
   *
   * @param batch the row's batch
   * @param tolerated whether the row breaks a rule with a tolerance
   * @param neverPublished whether the row is certainly not published
   */
  public void assignTemporarily(VectorBatch batch, boolean tolerated, boolean neverPublished) {
    if (latest != null && state != KeyState.LEFT_OUT && !neverPublished) {
      latest.add(batch, currentRowInBatch, rowKeys, hashes[currentKey], tolerated, currentRow);
    }
    if (state == KeyState.FREE || state == KeyState.OPEN) {
      take(currentRow << ROW_BIT | HELD);
    }
  }

  private void take(long number) {
    byte[] key = rowKeys.bytes();
    int length = rowKeys.length();
    long hash = hashes[currentKey];
    if (place != KeySet.ABSENT) {
      keys.number(place, number | (keys.number(place) & TABLE_HAS_IT));
    } else if (settled) {
      if (spilled == null || repeated.contains(currentRow)) {
        keys.add(hash, key, 0, length, number);
      }
    } else if (spilled != null) {
      spilled.add(key, 0, length, hash, number);
    } else if (keys.add(hash, key, 0, length, number) == KeySet.FULL) {
      // The row may be decided already, so that later rows must find its key.
      keys.addBeyondLimit(hash, key, length, number);
      spilled = newPartitions();
    }
  }

  /** Releases the key that was looked up last, because its row is not published. */
  public void release() {
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

  @Override
  void foundInTable(long row, LateDuplicates lateDuplicates) {
    // The row is decided when it is looked up again.
  }

  @Override
  void settle(KeyPartitions.KeyPartition file, LongPredicate met, LateDuplicates lateDuplicates) {
    KeySet keySet = new KeySet();
    boolean[] tableHasSome = new boolean[1];
    file.read(
        met,
        (key, from, length, hash, number) -> {
          if (number == NO_ROW) {
            long at = keySet.find(hash, key, from, length);
            if (at != KeySet.ABSENT) {
              keySet.number(at, keySet.number(at) | TABLE_HAS_IT);
              tableHasSome[0] = true;
            }
            return;
          }
          long at = keySet.add(hash, key, from, length, number);
          if (at != KeySet.ABSENT) {
            repeated.add(keySet.number(at) >>> ROW_BIT);
            repeated.add(number >>> ROW_BIT);
          }
        });
    if (tableHasSome[0]) {
      file.read(
          met,
          (key, from, length, hash, number) -> {
            long at = number == NO_ROW ? KeySet.ABSENT : keySet.find(hash, key, from, length);
            if (at != KeySet.ABSENT && (keySet.number(at) & TABLE_HAS_IT) != 0) {
              inTable.add(number >>> ROW_BIT);
            }
          });
    }
  }

  @Override
  void settled() {
    if (latest != null) {
      latest.settle(partitionMemory());
    }
    keys.removeLimit();
    settled = true;
  }

  @Override
  boolean isReleased(long row) {
    return releasedRows.contains(row);
  }

  @Override
  public void close() {
    super.close();
    if (latest != null) {
      latest.close();
    }
  }
}
