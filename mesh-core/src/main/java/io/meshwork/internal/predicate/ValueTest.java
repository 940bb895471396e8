package io.meshwork.internal.predicate;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.Vector;

/** A question to every value of a flat vector, made once for a filter's leaf. Stateless. */
interface ValueTest {
  /** Marks the rows whose values pass; slots of nulls may be marked or not. */
  void mark(Vector values, int rows, RowMask passing);
}
