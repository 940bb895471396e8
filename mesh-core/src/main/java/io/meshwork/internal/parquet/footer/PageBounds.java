package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.parquet.footer.FooterRowGroup.FooterColumnChunk;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.util.ByteBuffers;
import org.apache.parquet.format.BoundaryOrder;
import org.apache.parquet.format.ColumnIndex;
import org.jspecify.annotations.Nullable;

/** The bounds and nulls of each page of a leaf column that has one slot a row. Immutable. */
final class PageBounds {
  private final PageLocations pages;
  private final FooterColumnChunk[] bounds;

  private PageBounds(PageLocations pages, FooterColumnChunk[] bounds) {
    this.pages = pages;
    this.bounds = bounds;
  }

  /**
   * Checks a column index; returns null if it contradicts itself, the pages, or the footer.
   *
   * @param chunkNulls the nulls of the column chunk according to the footer; null if unknown
   */
  static @Nullable PageBounds of(
      ColumnIndex index, PageLocations pages, ParquetColumn leaf, @Nullable Long chunkNulls) {
    int count = pages.count();
    List<Long> nulls = index.isSetNull_counts() ? index.getNull_counts() : null;
    if (index.getNull_pages().size() != count
        || index.getMin_values().size() != count
        || index.getMax_values().size() != count
        || (nulls != null && nulls.size() != count)) {
      return null;
    }
    FooterColumnChunk[] bounds = new FooterColumnChunk[count];
    long total = 0;
    FooterColumnChunk last = null;
    for (int i = 0; i < count; i++) {
      FooterColumnChunk page = page(index, i, pages, leaf);
      if (page == null) {
        return null;
      }
      total += page.nullCount() == null ? 0 : page.nullCount();
      if (!index.getNull_pages().get(i)) {
        if (last != null && !ordered(last, page, index.getBoundary_order())) {
          return null;
        }
        last = page;
      }
      bounds[i] = page;
    }
    boolean sameNulls = nulls == null || chunkNulls == null || total == chunkNulls;
    return sameNulls ? new PageBounds(pages, bounds) : null;
  }

  private static @Nullable FooterColumnChunk page(
      ColumnIndex index, int page, PageLocations pages, ParquetColumn leaf) {
    long rows = pages.endRow(page) - pages.firstRow(page);
    boolean nothing = index.getNull_pages().get(page);
    Long nulls = nothing ? (Long) rows : null;
    if (index.isSetNull_counts()) {
      nulls = index.getNull_counts().get(page);
      if (nulls < 0 || nulls > rows || nothing != (nulls == rows)) {
        return null;
      }
    }
    byte[] least = nothing ? null : ByteBuffers.toByteArray(index.getMin_values().get(page));
    byte[] most = nothing ? null : ByteBuffers.toByteArray(index.getMax_values().get(page));
    Object lowest = FooterBounds.value(leaf.type(), least);
    Object highest = FooterBounds.value(leaf.type(), most);
    return compare(lowest, highest) > 0
        ? null
        : new FooterColumnChunk(
            leaf.name(), 0, 0, nulls, least, most, leaf.type().type(), lowest, highest);
  }

  private static boolean ordered(
      FooterColumnChunk before, FooterColumnChunk after, BoundaryOrder order) {
    int low = compare(before.lowest(), after.lowest());
    int high = compare(before.highest(), after.highest());
    return switch (order) {
      case ASCENDING -> low <= 0 && high <= 0;
      case DESCENDING -> low >= 0 && high >= 0;
      case UNORDERED -> true;
    };
  }

  /** Compares bounds of the same column in its order; 0 if one is unknown. */
  private static int compare(@Nullable Object left, @Nullable Object right) {
    if (left == null || right == null) {
      return 0;
    } else if (left instanceof byte[] bytes) {
      return Arrays.compareUnsigned(bytes, (byte[]) right);
    } else if (left instanceof BigDecimal decimal) {
      return decimal.compareTo((BigDecimal) right);
    } else if (left instanceof Boolean truth) {
      return truth.compareTo((Boolean) right);
    } else if (left instanceof Double number) {
      // Zeros are equal, whatever their sign.
      return Double.compare(number + 0.0, (Double) right + 0.0);
    }
    return Long.compare((Long) left, (Long) right);
  }

  /** Returns true if these are the pages of a column of the row group. */
  boolean isOf(FooterColumnChunk column) {
    return bounds[0].path().equals(column.path());
  }

  /** Returns the positions of the pages. */
  PageLocations pages() {
    return pages;
  }

  /**
   * Returns what is known of some rows of a page.
   *
   * @param page number of the page
   * @param rows number of the rows
   */
  FooterColumnChunk of(int page, long rows) {
    FooterColumnChunk whole = bounds[page];
    return FooterStatistics.part(whole, pages.endRow(page) - pages.firstRow(page), rows);
  }
}
