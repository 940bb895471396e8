package io.meshwork.internal.discovery;

import io.meshwork.discovery.Lineage.ColumnEdge;
import io.meshwork.discovery.Lineage.Edge;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Columns that a change affects. Columns are compared by the top-level column of their path.
 *
 * @param all true for all columns
 * @param names the paths; empty if it is all
 */
record ColumnSet(boolean all, SortedSet<String> names) {
  static final ColumnSet ALL = new ColumnSet(true, new TreeSet<>());

  ColumnSet {
    names = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(names));
  }

  /** These columns; all if none are named. */
  static ColumnSet of(Collection<String> columns) {
    return columns.isEmpty() ? ALL : new ColumnSet(false, new TreeSet<>(columns));
  }

  /** The columns of the product that derives from these; without any, nothing is affected. */
  ColumnSet through(Edge edge) {
    if (edge.columns().isEmpty()) {
      return ALL;
    }
    SortedSet<String> derived = new TreeSet<>();
    for (ColumnEdge pair : edge.columns()) {
      if (touches(pair.from())) {
        derived.add(pair.to());
      }
    }
    return new ColumnSet(false, derived);
  }

  boolean isEmpty() {
    return !all && names.isEmpty();
  }

  /** True if one of the columns is among these; of no columns, that all are read. */
  boolean touchesAny(List<String> columns) {
    return columns.isEmpty() || columns.stream().anyMatch(this::touches);
  }

  private boolean touches(String column) {
    return all || names.stream().anyMatch(name -> topLevel(name).equals(topLevel(column)));
  }

  ColumnSet with(ColumnSet other) {
    if (all || other.all) {
      return ALL;
    }
    SortedSet<String> both = new TreeSet<>(names);
    both.addAll(other.names);
    return new ColumnSet(false, both);
  }

  /** The columns of a reader that are among these; all of these if it reads all columns. */
  List<String> among(List<String> columns) {
    return columns.isEmpty() ? List.copyOf(names) : columns.stream().filter(this::touches).toList();
  }

  static String topLevel(String path) {
    return path.split("[.\\[{]", 2)[0];
  }
}
