package io.meshwork.internal.predicate;

import org.jspecify.annotations.Nullable;

/**
 * What statistics prove about the values of a column in a part of a table. A property that is not
 * proved absent may be present.
 *
 * @param nulls whether the part may contain a null
 * @param nans whether the part may contain a NaN
 * @param values whether the part may contain a value that is neither null nor NaN
 * @param low lower bound of these values; null if unknown
 * @param high upper bound of these values; null if unknown
 */
record ColumnFacts(
    boolean nulls,
    boolean nans,
    boolean values,
    @Nullable TypedLiteral low,
    @Nullable TypedLiteral high) {

  /** Creates the facts and drops bounds that contradict each other. */
  ColumnFacts {
    if (low != null && high != null && low.compareTo(high) > 0) {
      low = null;
      high = null;
    }
  }

  /** Returns facts that exclude nothing. */
  static ColumnFacts unknown(FilterColumn column) {
    return new ColumnFacts(true, column.floating(), true, null, null);
  }

  /** Provides the facts of columns. */
  interface Source {
    ColumnFacts of(FilterColumn column);
  }
}
