package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.parquet.footer.FooterRowGroup.FooterColumnChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Finds the rows of a row group that a filter can select, by the bounds of pages. The pages of
 * different columns end at different rows; between two such ends, each column has one page, and the
 * filter is evaluated as if these rows were a row group.
 */
final class PageSelection {
  private PageSelection() {}

  /**
   * Returns the ranges that may contain a selected row.
   *
   * @param group the row group
   * @param indexed the columns whose pages have bounds; others have the bounds of the group
   * @param mayMatch returns false only if no row of a part of the row group is selected
   */
  static RowRanges ranges(
      FooterRowGroup group, List<PageBounds> indexed, Predicate<FooterRowGroup> mayMatch) {
    if (indexed.isEmpty()) {
      return RowRanges.all(group.rows());
    }
    List<FooterColumnChunk> others = new ArrayList<>(group.columns());
    others.removeIf(other -> indexed.stream().anyMatch(one -> one.isOf(other)));
    RowRanges ranges = new RowRanges();
    long[] starts = starts(indexed);
    for (int i = 0; i < starts.length; i++) {
      long start = starts[i];
      long end = i + 1 < starts.length ? starts[i + 1] : group.rows();
      if (mayMatch.test(part(group.rows(), indexed, others, start, end))) {
        ranges.add(start, end);
      }
    }
    return ranges;
  }

  /** Returns the rows with which a page of any column starts, ascending. */
  private static long[] starts(List<PageBounds> indexed) {
    return indexed.stream()
        .map(PageBounds::pages)
        .flatMapToLong(
            pages -> LongStream.range(0, pages.count()).map(i -> pages.firstRow((int) i)))
        .sorted()
        .distinct()
        .toArray();
  }

  private static FooterRowGroup part(
      long groupRows,
      List<PageBounds> indexed,
      List<FooterColumnChunk> others,
      long start,
      long end) {
    return new FooterRowGroup(
        end - start,
        Stream.concat(
                indexed.stream().map(one -> one.of(one.pages().page(start), end - start)),
                others.stream().map(one -> FooterStatistics.part(one, groupRows, end - start)))
            .toList());
  }
}
