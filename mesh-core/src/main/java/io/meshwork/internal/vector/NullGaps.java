package io.meshwork.internal.vector;

/**
 * Moves values that were decoded without gaps to their rows, and fills the gaps with zeros.
 *
 * @param first the row of the first value
 * @param present the number of values
 * @param rows the number of rows, nulls included
 * @param levels the definition level of each row
 * @param maxDefinitionLevel the level of the rows that have a value
 */
record NullGaps(int first, int present, int rows, int[] levels, int maxDefinitionLevel) {
  /** Returns the number of rows without a value. */
  int count() {
    return rows - present;
  }

  // Iterates from the back, so that a value is moved before its slot is overwritten. Integers are
  // moved without a branch: whether a row has a value cannot be predicted.

  void spreadEnds(int[] ends) {
    int source = first + present;
    for (int i = rows - 1; i >= 0; i--) {
      ends[first + i + 1] = ends[source];
      source -= levels[i] == maxDefinitionLevel ? 1 : 0;
    }
  }

  void spread(boolean[] values) {
    int source = first + present;
    for (int i = rows - 1; i >= 0; i--) {
      values[first + i] = levels[i] == maxDefinitionLevel && values[--source];
    }
  }

  void spread(int[] values) {
    int source = first + present;
    for (int i = rows - 1; i >= 0; i--) {
      int has = levels[i] == maxDefinitionLevel ? 1 : 0;
      source -= has;
      values[first + i] = values[source] & -has;
    }
  }

  void spread(long[] values) {
    int source = first + present;
    for (int i = rows - 1; i >= 0; i--) {
      int has = levels[i] == maxDefinitionLevel ? 1 : 0;
      source -= has;
      values[first + i] = values[source] & -(long) has;
    }
  }

  void spread(float[] values) {
    int source = first + present;
    for (int i = rows - 1; i >= 0; i--) {
      values[first + i] = levels[i] == maxDefinitionLevel ? values[--source] : 0f;
    }
  }

  void spread(double[] values) {
    int source = first + present;
    for (int i = rows - 1; i >= 0; i--) {
      values[first + i] = levels[i] == maxDefinitionLevel ? values[--source] : 0d;
    }
  }
}
