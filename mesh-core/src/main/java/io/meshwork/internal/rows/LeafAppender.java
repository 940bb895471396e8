package io.meshwork.internal.rows;

import io.meshwork.internal.vector.Vector;

/** Appends values that have no parts. */
abstract class LeafAppender extends ValueAppender {
  LeafAppender(ContractColumn column) {
    super(column);
  }

  /** Appends a value; returns false, and appends nothing, if it does not fit the column. */
  abstract boolean accept(Object value, Vector vector);

  /**
   * Appends values, each as {@link #accept} does; returns false if one does not fit. Each kind
   * implements it, because a method that all kinds share is slower: it calls many methods.
   */
  abstract boolean acceptAll(Object[] values, int count, Vector vector);

  /** Appends a null for a value that {@link #accept} did not append, with the reason. */
  void refuse(Object value, Vector vector, int row, TypeViolations violations) {
    mismatch(value, vector, row, violations);
  }

  @Override
  final void append(Object value, Vector vector, int row, TypeViolations violations) {
    if (!accept(value, vector)) {
      refuse(value, vector, row, violations);
    }
  }

  @Override
  final boolean appendRun(ObjectRun run, Vector vector) {
    if (run.hasNulls() && refusesNulls()) {
      return false;
    }
    if (run.count() == 0) {
      vector.appendNulls(run.rows());
      return true;
    }
    if (!acceptAll(run.values(), run.count(), vector)) {
      return false;
    }
    vector.spread(run.count(), run.rows(), run.levels(), 1);
    return true;
  }
}
