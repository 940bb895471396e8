package io.meshwork.internal.lakeformation;

import io.meshwork.internal.predicate.PlainRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The scopes in which a table may be read. Columns, rows and cells are derived when they are asked
 * for.
 */
final class TableScopes {
  /** Of a resource without columns, and of a denied question. */
  static final TableScopes NOTHING = new TableScopes(null, new BitSet(), List.of());

  private final @Nullable TableNode table;
  private final BitSet shown;
  private final List<DataScope> scopes;

  /**
   * Scopes in a table.
   *
   * @param shown the requested columns, or all permitted ones
   * @param scopes columns with conditions; none for DESCRIBE
   */
  TableScopes(@Nullable TableNode table, BitSet shown, List<DataScope> scopes) {
    this.table = table;
    this.shown = shown;
    this.scopes = scopes;
  }

  List<String> columns() {
    List<String> names = new ArrayList<>(shown.cardinality());
    if (table != null) {
      List<String> all = table.columns();
      shown.stream().forEach(place -> names.add(all.get(place)));
      names.sort(null);
    }
    return names;
  }

  /** What may be read; no column unless the question is a SELECT on a table. */
  DataPermission permission() {
    TableNode of = table;
    if (of == null || scopes.isEmpty()) {
      return DataPermission.NONE;
    }
    RowFilter rows = filter(-1);
    Map<String, RowFilter> cells = new TreeMap<>();
    shown.stream()
        .forEach(
            place -> {
              RowFilter some = filter(place);
              if (!some.equals(rows)) {
                cells.put(of.columns().get(place), some);
              }
            });
    return new DataPermission(
        shown.equals(of.all()) ? Optional.empty() : Optional.of(columns()), rows, cells);
  }

  private RowFilter filter(int place) {
    List<Set<String>> some = new ArrayList<>();
    for (DataScope scope : scopes) {
      if (place < 0 || scope.columns().get(place)) {
        if (scope.conditions().isEmpty()) {
          return RowFilter.ALL;
        }
        Set<String> conditions = new TreeSet<>();
        scope
            .conditions()
            .forEach(condition -> conditions.add(WhitespaceNormalizer.collapsed(condition)));
        some.add(conditions);
      }
    }
    return RowFilter.union(some);
  }

  /** Each scope: its conditions must all be true of a row whose columns it shows. */
  List<DataScope> list() {
    return scopes;
  }

  Optional<Map<String, @Nullable Object>> see(Map<String, ? extends @Nullable Object> row) {
    TableNode of = table;
    if (of == null) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> values = new HashMap<>();
    row.forEach((column, value) -> values.put(CaseInsensitiveNames.of(column), value));
    BitSet visible = new BitSet();
    boolean open = false;
    for (DataScope scope : scopes) {
      if (holds(scope, of, values)) {
        open = true;
        visible.or(scope.columns());
      }
    }
    if (!open) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> seen = new LinkedHashMap<>();
    for (String column : columns()) {
      Integer place = of.place(column);
      boolean shows = place != null && visible.get(place);
      seen.put(column, shows ? values.get(CaseInsensitiveNames.of(column)) : null);
    }
    return Optional.of(seen);
  }

  private static boolean holds(
      DataScope scope, TableNode table, Map<String, ? extends @Nullable Object> values) {
    return scope.conditions().stream()
        .allMatch(condition -> PlainRows.matches(condition, RowRules.untyped(table), values));
  }
}
