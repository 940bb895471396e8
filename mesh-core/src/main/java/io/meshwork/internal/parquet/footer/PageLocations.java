package io.meshwork.internal.parquet.footer;

import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.PageLocation;
import org.jspecify.annotations.Nullable;

/**
 * Where the data pages of a column chunk start, and with which row of the row group. Offsets count
 * from the start of the chunk. Immutable.
 */
public final class PageLocations {
  private final long[] starts;
  private final long[] ends;
  private final long[] firstRows;
  private final long rows;

  private PageLocations(long[] starts, long[] ends, long[] firstRows, long rows) {
    this.starts = starts;
    this.ends = ends;
    this.firstRows = firstRows;
    this.rows = rows;
  }

  /**
   * Checks the locations of an offset index; returns null if they contradict each other or the
   * chunk.
   *
   * @param chunkStart offset of the chunk in the file
   * @param chunkLength bytes of the chunk
   * @param rows rows of the row group
   */
  static @Nullable PageLocations of(
      List<PageLocation> pages, long chunkStart, long chunkLength, long rows) {
    int count = pages.size();
    long[] starts = new long[count];
    long[] ends = new long[count];
    long[] firstRows = new long[count];
    long end = 0;
    long row = -1;
    for (int i = 0; i < count; i++) {
      PageLocation page = pages.get(i);
      long start = page.getOffset() - chunkStart;
      int size = page.getCompressed_page_size();
      boolean separate = page.getOffset() >= chunkStart && start >= end && size > 0;
      if (!separate || start > chunkLength - size || page.getFirst_row_index() <= row) {
        return null;
      }
      end = start + size;
      row = page.getFirst_row_index();
      starts[i] = start;
      ends[i] = end;
      firstRows[i] = row;
    }
    return count == 0 || firstRows[0] != 0 || row >= rows
        ? null
        : new PageLocations(starts, ends, firstRows, rows);
  }

  /** Returns the number of pages. */
  public int count() {
    return starts.length;
  }

  /** Returns the page that contains a row of the row group. */
  public int page(long row) {
    int position = Arrays.binarySearch(firstRows, row);
    return position >= 0 ? position : -position - 2;
  }

  public long firstRow(int page) {
    return firstRows[page];
  }

  /** Returns the row after the last one of a page. */
  public long endRow(int page) {
    return page + 1 < firstRows.length ? firstRows[page + 1] : rows;
  }

  /** Returns the offset of a page in the chunk. */
  public long start(int page) {
    return starts[page];
  }

  /** Returns the offset in the chunk of the end of a page. */
  public long end(int page) {
    return ends[page];
  }
}
