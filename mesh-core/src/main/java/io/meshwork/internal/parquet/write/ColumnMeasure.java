package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.PageHeader;
import org.jspecify.annotations.Nullable;

/**
 * Measures one leaf column of a row group whose pages are copied: the statistics and the bloom
 * filter that a {@link ColumnChunkEncoder} would have collected from the same values. A column
 * without lists is measured page by page, for the page index; the pages of others may start within
 * a row. Not thread-safe; shares no state with other columns.
 */
final class ColumnMeasure {
  private static final byte[] NO_BODY = new byte[0];

  private final ParquetLeaf leaf;
  private final ValuesEncoder values;
  private final ColumnStatistics page;
  private final ColumnStatistics chunk;
  private final BloomFilter.@Nullable Builder filter;
  private final List<CompressedPage> pages = new ArrayList<>();
  private int nextHeader;
  private int pageRows;
  private int remaining;
  private long firstRow;
  private long present;

  ColumnMeasure(ParquetLeaf leaf, boolean filtered) {
    this.leaf = leaf;
    this.values = leaf.newValuesEncoder(EncodingProfile.COMPATIBLE, ParquetWriterLimits.DEFAULT);
    this.page = values.emptyStatistics();
    this.chunk = values.emptyStatistics();
    this.filter = filtered ? new BloomFilter.Builder() : null;
    if (filter != null) {
      values.filterInto(filter);
    }
  }

  ParquetLeaf leaf() {
    return leaf;
  }

  /**
   * Adds the next rows of the row group.
   *
   * @param column the vector of the leaf's column
   * @param headers of the pages that were read for the rows so far
   */
  void add(Vector column, int rows, List<PageHeader> headers) {
    Vector vector = leaf.vector(column);
    values.begin(vector);
    if (isRepeated()) {
      int from = leaf.start(column, 0);
      int to = leaf.start(column, rows);
      measure(vector, from, to);
      present += (to - from) - nulls(vector, from, to);
      return;
    }
    int row = 0;
    while (row < rows) {
      while (remaining == 0) {
        beginPage(headers);
      }
      int some = Math.min(remaining, rows - row);
      measure(vector, row, row + some);
      page.addSlots(some, nulls(vector, row, row + some));
      row += some;
      remaining -= some;
      if (remaining == 0) {
        endPage();
      }
    }
  }

  private boolean isRepeated() {
    return leaf.column().maxRepetitionLevel() > 0;
  }

  private void beginPage(List<PageHeader> headers) {
    PageHeader header = headers.get(nextHeader++);
    if (!CopiedChunk.isData(header)) {
      return;
    }
    pageRows = CopiedChunk.valueCount(header);
    remaining = pageRows;
  }

  private void measure(Vector vector, int from, int to) {
    int at = from;
    while (at < to) {
      at += values.append(vector, at, to);
      values.measurePage();
      page.merge(values.pageStatistics());
    }
  }

  private static int nulls(Vector vector, int from, int to) {
    RowMask mask = vector.nulls();
    if (mask == null) {
      return 0;
    }
    int count = 0;
    for (int row = mask.next(from); row >= 0 && row < to; row = mask.next(row + 1)) {
      count++;
    }
    return count;
  }

  private void endPage() {
    ColumnStatistics.Bound lower = page.lower();
    ColumnStatistics.Bound upper = page.upper();
    pages.add(
        new CompressedPage(
            org.apache.parquet.format.Encoding.PLAIN,
            pageRows,
            (int) page.nulls(),
            firstRow,
            0,
            NO_BODY,
            false,
            lower == null ? null : lower.bytes(),
            upper == null ? null : upper.bytes()));
    firstRow += pageRows;
    chunk.merge(page);
    page.reset();
  }

  /**
   * Returns the statistics of the row group, which is complete.
   *
   * @param valueCount number of values in its pages, nulls and empty lists included
   */
  ColumnStatistics finish(long valueCount) {
    if (isRepeated()) {
      page.addSlots(valueCount, valueCount - present);
      chunk.merge(page);
      page.reset();
    }
    return chunk;
  }

  /** Returns the statistics of the row group, after {@link #finish}. */
  ColumnStatistics finished() {
    return chunk;
  }

  /** Returns the bounds of each page, without its bytes; null if there is no index of them. */
  @Nullable List<CompressedPage> indexed() {
    return isRepeated() ? null : pages;
  }

  /** Returns the bloom filter of the row group, which is complete; null for none. */
  byte @Nullable [] filter() {
    if (filter == null) {
      return null;
    }
    values.filterDictionary(filter);
    return filter.finish();
  }
}
