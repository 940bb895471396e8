package io.meshwork.internal.rights;

import io.meshwork.access.AccessDecision;
import io.meshwork.access.RowFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a reader sees of a product's table. Immutable.
 *
 * @param columns top-level columns that show, in the contract's spelling; empty if all do, those to
 *     come too
 * @param rows conditions that a row must meet to show; empty if every row does. They hold values,
 *     and go into no message
 * @param cells for columns that do not show in every row that does: where they show; elsewhere they
 *     are null
 */
public record Sight(
    Optional<List<String>> columns, Optional<RowFilter> rows, Map<String, RowFilter> cells) {
  /** Everything. */
  public static final Sight ALL = new Sight(Optional.empty(), Optional.empty(), Map.of());

  /** Copies the collections. */
  public Sight {
    columns = columns.map(List::copyOf);
    cells = Map.copyOf(cells);
  }

  /** What an allowed decision to SELECT lets through. */
  public static Sight of(AccessDecision decision, List<String> allColumns) {
    RowFilter rows = decision.rowFilter();
    Map<String, RowFilter> cells = new LinkedHashMap<>();
    decision
        .cellFilters()
        .forEach(
            (column, where) -> {
              if (!where.equals(rows)) {
                cells.put(column, where);
              }
            });
    boolean everyColumn = decision.columns().containsAll(allColumns);
    return new Sight(
        everyColumn
            ? Optional.empty()
            : Optional.of(allColumns.stream().filter(decision.columns()::contains).toList()),
        rows.everyRow() ? Optional.empty() : Optional.of(rows),
        cells);
  }

  /** True if nothing is hidden. */
  public boolean isAll() {
    return columns.isEmpty() && rows.isEmpty() && cells.isEmpty();
  }
}
