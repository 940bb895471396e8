package io.meshwork.access;

import io.meshwork.access.AccessDecision.Portion;
import io.meshwork.internal.predicate.PlainRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What may be seen of a table: columns, rows and cells. Worked out when it is asked for. */
final class Sight {
  /** Of what is no table, or is not seen. */
  static final Sight NOTHING = new Sight(null, new BitSet(), List.of());

  private final @Nullable TableNode table;
  private final BitSet shown;
  private final List<Pair> pairs;

  /**
   * What is seen.
   *
   * @param shown the columns asked for, or all that are open
   * @param pairs the ways in which the table is open; none for a description
   */
  Sight(@Nullable TableNode table, BitSet shown, List<Pair> pairs) {
    this.table = table;
    this.shown = shown;
    this.pairs = pairs;
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

  RowFilter rowFilter() {
    return pairs.isEmpty() ? RowFilter.ALL : filter(-1);
  }

  SortedMap<String, RowFilter> cellFilters() {
    SortedMap<String, RowFilter> cells = new TreeMap<>();
    TableNode of = table;
    if (of != null && !pairs.isEmpty()) {
      shown.stream().forEach(place -> cells.put(of.columns().get(place), filter(place)));
    }
    return cells;
  }

  private RowFilter filter(int place) {
    List<Set<String>> some = new ArrayList<>();
    for (Pair pair : pairs) {
      if (place < 0 || pair.columns().get(place)) {
        if (pair.conditions().isEmpty()) {
          return RowFilter.ALL;
        }
        Set<String> conditions = new TreeSet<>();
        pair.conditions().forEach(condition -> conditions.add(Blanks.collapsed(condition)));
        some.add(conditions);
      }
    }
    return RowFilter.union(some);
  }

  List<Portion> portions() {
    List<Portion> portions = new ArrayList<>();
    TableNode of = table;
    if (of != null) {
      for (Pair pair : pairs) {
        List<String> columns = new ArrayList<>();
        pair.columns().stream().forEach(place -> columns.add(of.columns().get(place)));
        portions.add(new Portion(columns, List.copyOf(new TreeSet<>(pair.conditions()))));
      }
    }
    return portions;
  }

  Optional<Map<String, @Nullable Object>> see(Map<String, ? extends @Nullable Object> row) {
    TableNode of = table;
    if (of == null) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> values = new HashMap<>();
    row.forEach((column, value) -> values.put(Fold.of(column), value));
    BitSet visible = new BitSet();
    boolean open = false;
    for (Pair pair : pairs) {
      if (holds(pair, of, values)) {
        open = true;
        visible.or(pair.columns());
      }
    }
    if (!open) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> seen = new LinkedHashMap<>();
    for (String column : columns()) {
      Integer place = of.place(column);
      boolean shows = place != null && visible.get(place);
      seen.put(column, shows ? values.get(Fold.of(column)) : null);
    }
    return Optional.of(seen);
  }

  private static boolean holds(
      Pair pair, TableNode table, Map<String, ? extends @Nullable Object> values) {
    return pair.conditions().stream()
        .allMatch(condition -> PlainRows.matches(condition, RowRules.untyped(table), values));
  }
}
