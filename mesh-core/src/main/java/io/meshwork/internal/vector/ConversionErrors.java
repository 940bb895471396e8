package io.meshwork.internal.vector;

/**
 * The rows of one vector whose values in the file do not fit the requested type. They are null in
 * the vector. Not thread-safe.
 */
final class ConversionErrors {
  private final RowMask outOfRange = new RowMask(64);
  private final RowMask tooFine = new RowMask(64);

  ConversionErrors() {}

  /** Returns the rows whose value is out of the type's range. Must not be modified or retained. */
  RowMask outOfRange() {
    return outOfRange;
  }

  /**
   * Returns the rows whose value is finer than the type's smallest unit. Must not be modified or
   * retained.
   */
  RowMask tooFine() {
    return tooFine;
  }

  boolean has(int row) {
    return outOfRange.get(row) || tooFine.get(row);
  }

  void add(int row, boolean fine) {
    (fine ? tooFine : outOfRange).set(row);
  }

  /** Returns the first row with an error at or after this one, or -1. */
  int next(int from) {
    int first = outOfRange.next(from);
    int second = tooFine.next(from);
    return first < 0 || second < 0 ? Math.max(first, second) : Math.min(first, second);
  }

  void truncate(int rows) {
    outOfRange.truncate(rows);
    tooFine.truncate(rows);
  }

  /** Copies the error of another vector's entry to a row. */
  void copy(ConversionErrors from, int entry, int row) {
    if (from.has(entry)) {
      add(row, from.tooFine.get(entry));
    }
  }

  /**
   * Moves the errors of the rows from {@code from} on as {@link Vector#spread} moves their values.
   */
  void spread(int from, int rows, int[] levels, int most) {
    if (next(from) < 0) {
      return;
    }
    ConversionErrors before = new ConversionErrors();
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
