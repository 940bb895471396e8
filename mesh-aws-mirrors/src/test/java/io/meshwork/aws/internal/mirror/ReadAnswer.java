package io.meshwork.aws.internal.mirror;

import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.lakeformation.RowFilter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a principal reads of a version of a product. Immutable.
 *
 * @param kind the kind of answer
 * @param rows the rows that it reads
 * @param shown for each column that it reads, in lower case: the rows in which it is shown
 */
public record ReadAnswer(Kind kind, RowFilter rows, Map<String, RowFilter> shown) {
  private static final RowFilter NONE = new RowFilter(List.of());

  /** The kinds of answers, so that a proof is not one of denials only. */
  public enum Kind {
    DENIED,
    ALL,
    SOME_COLUMNS,
    SOME_ROWS
  }

  public ReadAnswer {
    shown = Map.copyOf(shown);
  }

  /** Returns the answer of a permission, which may name columns in another case. */
  public static ReadAnswer of(VersionEntry version, Optional<DataPermission> permission) {
    Map<String, RowFilter> shown = new TreeMap<>();
    permission.ifPresent(some -> version.columns().forEach(column -> add(column, some, shown)));
    if (shown.isEmpty()) {
      return new ReadAnswer(Kind.DENIED, NONE, shown);
    }
    RowFilter rows = permission.orElseThrow().rowFilter();
    boolean everyCell =
        rows.everyRow() && shown.values().stream().allMatch(cells -> cells.everyRow());
    Kind kind =
        !everyCell
            ? Kind.SOME_ROWS
            : shown.size() == version.columns().size() ? Kind.ALL : Kind.SOME_COLUMNS;
    return new ReadAnswer(kind, rows, shown);
  }

  private static void add(String column, DataPermission some, Map<String, RowFilter> shown) {
    String lowerCase = column.toLowerCase(Locale.ROOT);
    if (some.includes(column) || some.includes(lowerCase)) {
      shown.put(
          lowerCase,
          some.cellFilters().containsKey(column) ? some.rowsOf(column) : some.rowsOf(lowerCase));
    }
  }
}
