package io.meshwork.internal.quality;

import io.meshwork.internal.columnar.VectorBatch;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys of one uniqueness rule, each belonging to the first row that may keep it: a row that is
 * published, or one whose fate is open until the end of input. First look at a row, then let it
 * take or release its key. Not thread-safe.
 */
final class UniqueKeys {
  /** How a row's key stands. */
  enum Standing {
    /** A column is null: the row is left out. */
    LEFT_OUT,
    /** Nobody has the key, or this row itself. */
    FREE,
    /** A published row has it. */
    TAKEN,
    /** A row whose fate is open has it. */
    TAKEN_BY_HELD
  }

  private static final long NOBODY = -1;

  private final RowKey key;
  private final KeySet keys = new KeySet();
  private final KeyRows rows = new KeyRows();
  private final Map<Long, Long> openOwners = new HashMap<>();
  private long lookedAt;
  private long place;
  private Standing standing = Standing.LEFT_OUT;

  UniqueKeys(LeafColumn... columns) {
    key = new RowKey(columns);
  }

  /** How the key of a row stands; remembered for what is done next. */
  Standing look(VectorBatch batch, int row, long rowNumber) {
    place = KeySet.ABSENT;
    lookedAt = rowNumber;
    if (!key.read(batch, row)) {
      standing = Standing.LEFT_OUT;
      return standing;
    }
    place = keys.find(key.bytes(), key.length());
    if (place == KeySet.ABSENT) {
      standing = Standing.FREE;
    } else {
      Long owner = openOwners.isEmpty() ? null : openOwners.get(place);
      if (owner == null) {
        standing = Standing.TAKEN;
      } else {
        standing = owner == NOBODY || owner == rowNumber ? Standing.FREE : Standing.TAKEN_BY_HELD;
      }
    }
    return standing;
  }

  /** Passes over a row that the rule does not look at. */
  Standing leaveOut() {
    place = KeySet.ABSENT;
    standing = Standing.LEFT_OUT;
    return standing;
  }

  private long add() {
    rows.add(lookedAt);
    return keys.add();
  }

  /**
   * An earlier row with the key that was looked at last and is taken, or {@link KeyRows#UNKNOWN}.
   * Not cheap: for the first such row only.
   */
  long earlierRow() {
    return place == KeySet.ABSENT ? KeyRows.UNKNOWN : rows.of(keys.ordinal(place));
  }

  /** How the key that was looked at last stood then. */
  Standing standing() {
    return standing;
  }

  /** Gives the key that was looked at to a published row. */
  void takeForGood() {
    if (standing == Standing.FREE) {
      if (place == KeySet.ABSENT) {
        add();
      } else {
        openOwners.remove(place);
      }
    }
  }

  /** Gives the key that was looked at to a row whose fate is open. */
  void takeForNow(long rowNumber) {
    if (standing == Standing.FREE) {
      openOwners.put(place == KeySet.ABSENT ? add() : place, rowNumber);
    }
  }

  /** Takes the key that was looked at from a row that is not published after all. */
  void release(long rowNumber) {
    if (place != KeySet.ABSENT) {
      openOwners.computeIfPresent(place, (at, owner) -> owner == rowNumber ? NOBODY : owner);
    }
  }
}
