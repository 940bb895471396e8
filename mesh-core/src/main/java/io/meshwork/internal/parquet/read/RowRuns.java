package io.meshwork.internal.parquet.read;

/** Runs in ascending numbers of rows. */
final class RowRuns {
  private RowRuns() {}

  /**
   * Returns the end in the array of the run that starts at a place of it.
   *
   * @param gap the most rows that are missing between two rows of a run
   */
  static int end(int[] rows, int start, int gap) {
    int end = start + 1;
    while (end < rows.length && rows[end] - rows[end - 1] <= gap + 1) {
      end++;
    }
    return end;
  }

  /** Returns the rows counted from the first of them. */
  static int[] relative(int[] rows) {
    int[] relative = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      relative[i] = rows[i] - rows[0];
    }
    return relative;
  }
}
