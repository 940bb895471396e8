package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.lakeformation.RowFilter;
import io.meshwork.internal.lakeformation.WhitespaceNormalizer;
import io.meshwork.internal.lakeformation.index.DataScope;
import io.meshwork.internal.lakeformation.index.RowFilterRules;
import io.meshwork.internal.lakeformation.index.TableNode;
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

/** The scopes in which a table may be read. Columns, rows, and cells are derived on request. */
public final class TableScopes {
  /** For a resource without columns, and for a denied question. */
  static final TableScopes EMPTY = new TableScopes(null, new BitSet(), List.of());

  private final @Nullable TableNode table;
  private final BitSet visibleColumns;
  private final List<DataScope> scopes;

  /**
   * Scopes in a table.
   *
   * @param visibleColumns the requested columns, or all permitted ones
   * @param scopes columns with conditions; none for DESCRIBE
   */
  TableScopes(@Nullable TableNode table, BitSet visibleColumns, List<DataScope> scopes) {
    this.table = table;
    this.visibleColumns = visibleColumns;
    this.scopes = scopes;
  }

  List<String> columns() {
    List<String> names = new ArrayList<>(visibleColumns.cardinality());
    if (table != null) {
      List<String> all = table.columns();
      visibleColumns.stream().forEach(position -> names.add(all.get(position)));
      names.sort(null);
    }
    return names;
  }

  /** The data that may be read; no column unless the question is a SELECT on a table. */
  DataPermission permission() {
    TableNode node = table;
    if (node == null || scopes.isEmpty()) {
      return DataPermission.NONE;
    }
    RowFilter rows = filter(-1);
    Map<String, RowFilter> cells = new TreeMap<>();
    visibleColumns.stream()
        .forEach(
            position -> {
              RowFilter cellFilter = filter(position);
              if (!cellFilter.equals(rows)) {
                cells.put(node.columns().get(position), cellFilter);
              }
            });
    return new DataPermission(
        visibleColumns.equals(node.all()) ? Optional.empty() : Optional.of(columns()), rows, cells);
  }

  private RowFilter filter(int position) {
    List<Set<String>> some = new ArrayList<>();
    for (DataScope scope : scopes) {
      if (position < 0 || scope.columns().get(position)) {
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

  /** The scopes. A scope shows its columns of the rows for which all its conditions are true. */
  public List<DataScope> list() {
    return scopes;
  }

  Optional<Map<String, @Nullable Object>> see(Map<String, ? extends @Nullable Object> row) {
    TableNode node = table;
    if (node == null) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> values = new HashMap<>();
    row.forEach((column, value) -> values.put(CaseInsensitiveNames.of(column), value));
    BitSet visible = new BitSet();
    boolean isRowVisible = false;
    for (DataScope scope : scopes) {
      if (matches(scope, node, values)) {
        isRowVisible = true;
        visible.or(scope.columns());
      }
    }
    if (!isRowVisible) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    for (String column : columns()) {
      Integer position = node.position(column);
      boolean isVisible = position != null && visible.get(position);
      result.put(column, isVisible ? values.get(CaseInsensitiveNames.of(column)) : null);
    }
    return Optional.of(result);
  }

  private static boolean matches(
      DataScope scope, TableNode table, Map<String, ? extends @Nullable Object> values) {
    return scope.conditions().stream()
        .allMatch(condition -> PlainRows.matches(condition, RowFilterRules.untyped(table), values));
  }
}
