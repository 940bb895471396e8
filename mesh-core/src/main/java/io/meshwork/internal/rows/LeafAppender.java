package io.meshwork.internal.rows;

import io.meshwork.internal.vector.Vector;
import org.jspecify.annotations.Nullable;

/** Appends values that have no parts. */
abstract class LeafAppender extends ValueAppender {
  /** The part of nulls from which values are few. */
  private static final double FEW_VALUES = 0.75;

  LeafAppender(ContractColumn column) {
    super(column);
  }

  /** Appends a value; returns false, and appends nothing, if it does not fit the column. */
  abstract boolean accept(Object value, Vector vector);

  /**
   * Appends values, each as {@link #accept} does; returns false if one does not fit. Each kind has
   * this loop of its own, so that the call in it has one target.
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
  final boolean appendRun(@Nullable Object[] values, int count, Vector vector) {
    int nulls = 0;
    for (int i = 0; i < count; i++) {
      nulls += values[i] == null ? 1 : 0;
    }
    if (nulls == 0) {
      return acceptAll(values, count, vector);
    }
    if (refusesNulls()) {
      return false;
    }
    return nulls > FEW_VALUES * count
        ? acceptBetweenNulls(values, count, vector)
        : acceptAmongNulls(values, count, nulls, vector);
  }

  /** Appends few values among many nulls. */
  private boolean acceptBetweenNulls(@Nullable Object[] values, int count, Vector vector) {
    int nulls = 0;
    for (int i = 0; i < count; i++) {
      Object value = values[i];
      if (value == null) {
        nulls++;
        continue;
      }
      if (nulls > 0) {
        vector.appendNulls(nulls);
        nulls = 0;
      }
      if (!accept(value, vector)) {
        return false;
      }
    }
    if (nulls > 0) {
      vector.appendNulls(nulls);
    }
    return true;
  }

  /** Appends the values without gaps first: nulls that alternate with values take a branch each. */
  private boolean acceptAmongNulls(
      @Nullable Object[] values, int count, int nulls, Vector vector) {
    // One more than there are values: the slot after the last one is written as well.
    Object[] present = new Object[count - nulls + 1];
    int[] levels = new int[count];
    int end = 0;
    for (int i = 0; i < count; i++) {
      Object value = values[i];
      present[end] = value;
      int level = value == null ? 0 : 1;
      levels[i] = level;
      end += level;
    }
    if (!acceptAll(present, end, vector)) {
      return false;
    }
    vector.spread(end, count, levels, 1);
    return true;
  }
}
