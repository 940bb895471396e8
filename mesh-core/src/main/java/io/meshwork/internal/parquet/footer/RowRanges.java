package io.meshwork.internal.parquet.footer;

import java.util.Arrays;

/** Ranges of the rows of a row group, ascending, with gaps between them. Not thread-safe. */
public final class RowRanges {
  private long[] from = new long[4];
  private long[] to = new long[4];
  private int size;

  /** Returns the range of all rows of a row group. */
  public static RowRanges all(long rows) {
    RowRanges all = new RowRanges();
    all.add(0, rows);
    return all;
  }

  /** Adds a range that does not start before the end of the last one. */
  void add(long start, long end) {
    if (size > 0 && to[size - 1] == start) {
      to[size - 1] = end;
      return;
    }
    if (size == from.length) {
      from = Arrays.copyOf(from, size * 2);
      to = Arrays.copyOf(to, size * 2);
    }
    from[size] = start;
    to[size++] = end;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Returns the first row in a range at or after a row; -1 if there is none. */
  public long next(long row) {
    int range = rangeAt(row);
    return range == size ? -1 : Math.max(row, from[range]);
  }

  /** Returns the end of the range that contains a row. */
  public long end(long row) {
    return to[rangeAt(row)];
  }

  /** Returns the number of the first range that ends after a row. */
  private int rangeAt(long row) {
    int position = Arrays.binarySearch(to, 0, size, row);
    return position >= 0 ? position + 1 : -position - 1;
  }
}
