package io.meshwork.odcs.internal.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Hashes of the first rows, to search for keys of several columns: 100,000 rows of at most 24
 * columns, about 19 MB. Not thread-safe.
 */
final class RowHashSample {
  static final int MAX_ROWS = 100_000;
  static final int MAX_COLUMNS = 24;

  private final List<long[]> columns = new ArrayList<>();
  private int rows;

  void add(RecordProfile profile) {
    if (rows == MAX_ROWS) {
      return;
    }
    int i = 0;
    for (ValueProfile field : profile.fields().values()) {
      if (i == MAX_COLUMNS) {
        break;
      }
      if (i == columns.size()) {
        columns.add(new long[Math.max(1024, rows + 1)]);
      }
      if (rows >= columns.get(i).length) {
        columns.set(i, Arrays.copyOf(columns.get(i), Math.min(MAX_ROWS, rows * 2)));
      }
      // Without a value in the row this is an older hash; columns with nulls are never keys.
      columns.get(i)[rows] = field.lastHash();
      i++;
    }
    rows++;
  }

  int rows() {
    return rows;
  }

  /** True if no two of the rows have the same values in these columns. */
  boolean areDistinct(int[] positions) {
    HashSet64 distinct = new HashSet64(new HashMemory());
    for (int row = 0; row < rows; row++) {
      long hash = 0;
      for (int position : positions) {
        hash = ValueHash.combine(hash, columns.get(position)[row]);
      }
      if (!distinct.add(hash)) {
        return false;
      }
    }
    return true;
  }
}
