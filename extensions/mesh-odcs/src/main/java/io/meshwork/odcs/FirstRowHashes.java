package io.meshwork.odcs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The first rows as hashes, to look for keys of several columns: at most 100,000 rows of at most 24
 * columns, about 19 MB. Not thread-safe.
 */
final class FirstRowHashes {
  static final int MOST_ROWS = 100_000;
  static final int MOST_COLUMNS = 24;

  private final List<long[]> columns = new ArrayList<>();
  private int rows;

  void add(RecordProfile profile) {
    if (rows == MOST_ROWS) {
      return;
    }
    int i = 0;
    for (ValueProfile field : profile.fields().values()) {
      if (i == MOST_COLUMNS) {
        break;
      }
      if (i == columns.size()) {
        columns.add(new long[Math.max(1024, rows + 1)]);
      }
      if (rows >= columns.get(i).length) {
        columns.set(i, Arrays.copyOf(columns.get(i), Math.min(MOST_ROWS, rows * 2)));
      }
      // Where the row has no value this is an older one; such a column is part of no key.
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
    HashSet64 seen = new HashSet64(new HashSlots());
    for (int row = 0; row < rows; row++) {
      long hash = 0;
      for (int position : positions) {
        hash = ValueHash.with(hash, columns.get(position)[row]);
      }
      if (!seen.add(hash)) {
        return false;
      }
    }
    return true;
  }
}
