package io.meshwork.internal.lakeformation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a principal may read of a table, as a data filter of Lake Formation describes it: a list of
 * columns or all columns, a row filter, and cell filters. Immutable.
 *
 * @param columns the permitted top-level columns, in the catalog's spelling; empty if all columns
 *     are permitted, future ones included (Lake Formation's column wildcard)
 * @param rowFilter the permitted rows. Its conditions contain values and must not appear in
 *     messages
 * @param cellFilters for each column with fewer rows than {@code rowFilter}: the rows in which its
 *     values are shown; elsewhere they are null
 */
public record DataPermission(
    Optional<List<String>> columns, RowFilter rowFilter, Map<String, RowFilter> cellFilters) {
  /** All columns of all rows. */
  public static final DataPermission ALL =
      new DataPermission(Optional.empty(), RowFilter.ALL, Map.of());

  /** No column. */
  public static final DataPermission NONE =
      new DataPermission(Optional.of(List.of()), RowFilter.ALL, Map.of());

  public DataPermission {
    columns = columns.map(List::copyOf);
    cellFilters = Map.copyOf(cellFilters);
  }

  /** Returns true if all columns, rows and cells are permitted. */
  public boolean isAll() {
    return columns.isEmpty() && rowFilter.everyRow() && cellFilters.isEmpty();
  }

  /** Returns true if a column's values are permitted, in some rows at least. */
  public boolean includes(String column) {
    return columns.map(some -> some.contains(column)).orElse(true);
  }

  /** Returns the rows in which a permitted column's values are shown. */
  public RowFilter rowsOf(String column) {
    return cellFilters.getOrDefault(column, rowFilter);
  }
}
