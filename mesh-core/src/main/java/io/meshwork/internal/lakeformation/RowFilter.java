package io.meshwork.internal.lakeformation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The rows that satisfy all conditions of at least one alternative. Conditions are strings of data
 * filters with single blanks. They contain values and must not appear in logs or messages.
 * Immutable.
 *
 * @param alternatives sorted, none a superset of another; one alternative without conditions means
 *     all rows
 */
public record RowFilter(List<List<String>> alternatives) {
  /** Every row. */
  public static final RowFilter ALL = new RowFilter(List.of(List.of()));

  public RowFilter {
    alternatives = alternatives.stream().map(List::copyOf).toList();
  }

  /** Returns true if all rows are included. */
  public boolean everyRow() {
    return alternatives.size() == 1 && alternatives.get(0).isEmpty();
  }

  /** Returns the union of conjunctions of conditions. */
  public static RowFilter union(Collection<? extends Set<String>> conjunctions) {
    List<SortedSet<String>> minimal = new ArrayList<>();
    for (Set<String> one : conjunctions) {
      if (minimal.stream().noneMatch(one::containsAll)) {
        minimal.removeIf(wider -> wider.containsAll(one));
        minimal.add(new TreeSet<>(one));
      }
    }
    List<List<String>> sorted = new ArrayList<>();
    minimal.forEach(one -> sorted.add(List.copyOf(one)));
    sorted.sort(RowFilter::compare);
    return new RowFilter(sorted);
  }

  private static int compare(List<String> one, List<String> other) {
    Comparator<String> natural = Comparator.naturalOrder();
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      int order = natural.compare(one.get(i), other.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(one.size(), other.size());
  }
}
