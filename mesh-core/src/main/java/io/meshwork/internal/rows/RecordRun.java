package io.meshwork.internal.rows;

/**
 * Successive records of one shape.
 *
 * @param from index of the first
 * @param to index after the last
 * @param row row of the first in the batch; a nested record has the row of its top level
 * @param violations of the batch
 */
record RecordRun(Object[] records, int from, int to, int row, TypeViolations violations) {
  static RecordRun of(Object record, int row, TypeViolations violations) {
    return new RecordRun(new Object[] {record}, 0, 1, row, violations);
  }

  /** Returns the number of records. */
  int size() {
    return to - from;
  }

  /** Returns the row of the record at an index. */
  int row(int index) {
    return row + index - from;
  }
}
