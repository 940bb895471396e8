package io.meshwork.internal.columnar;

/**
 * The rows of one vector whose values a file has and the type wanted does not hold. They are null
 * in the vector. Not thread-safe.
 */
public final class Misfits {
  private final RowMask outOfRange = new RowMask(64);
  private final RowMask tooFine = new RowMask(64);

  Misfits() {}

  /** Rows with a value beyond the smallest or the largest one. Not to be changed or kept. */
  public RowMask outOfRange() {
    return outOfRange;
  }

  /** Rows with a value finer than the smallest unit. Not to be changed or kept. */
  public RowMask tooFine() {
    return tooFine;
  }

  /** True if a row is among them. */
  public boolean has(int row) {
    return outOfRange.get(row) || tooFine.get(row);
  }

  void add(int row, boolean fine) {
    (fine ? tooFine : outOfRange).set(row);
  }

  /** The first row at or after this one, or -1. */
  int next(int from) {
    int first = outOfRange.next(from);
    int second = tooFine.next(from);
    return first < 0 || second < 0 ? Math.max(first, second) : Math.min(first, second);
  }

  void truncate(int rows) {
    outOfRange.truncate(rows);
    tooFine.truncate(rows);
  }

  /** Gives a row what another vector has at an entry. */
  void copy(Misfits from, int entry, int row) {
    if (from.has(entry)) {
      add(row, from.tooFine.get(entry));
    }
  }

  /** Moves those of the rows from one on as {@link NullsDecoder#spread} moves their values. */
  void spread(int from, int rows, int[] levels, int most) {
    if (next(from) < 0) {
      return;
    }
    Misfits before = new Misfits();
    before.outOfRange.or(outOfRange);
    before.tooFine.or(tooFine);
    truncate(from);
    int source = from;
    for (int i = 0; i < rows; i++) {
      if (levels[i] == most) {
        copy(before, source++, from + i);
      }
    }
  }
}
