package io.meshwork.internal.predicate;

import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;

/** A test of each value of a flat vector, created once per leaf of a filter. Stateless. */
interface ValuePredicate {
  /** Marks the rows whose values pass; rows with nulls may be marked or not. */
  void mark(Vector values, int rows, RowMask passing);
}
