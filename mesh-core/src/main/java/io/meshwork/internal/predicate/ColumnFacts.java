package io.meshwork.internal.predicate;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a column's values in a part of a table, for certain: what is not known may be.
 *
 * @param nulls whether a null may be there
 * @param nans whether a NaN may be there
 * @param values whether a value that is neither may be there
 * @param low no such value is less; null if not known
 * @param high no such value is more; null if not known
 */
record ColumnFacts(
    boolean nulls, boolean nans, boolean values, @Nullable Literal low, @Nullable Literal high) {

  /** Facts of a column; bounds that contradict each other are forgotten. */
  ColumnFacts {
    if (low != null && high != null && low.compareTo(high) > 0) {
      low = null;
      high = null;
    }
  }

  /** Where anything may be. */
  static ColumnFacts unknown(FilterColumn column) {
    return new ColumnFacts(true, column.floating(), true, null, null);
  }

  /** Says what is known of a column. */
  interface Source {
    /** What is known of the column's values. */
    ColumnFacts of(FilterColumn column);
  }
}
