package io.meshwork.internal.columnar;

import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Counts and bounds of the values of a page, a column chunk or a file. Bounds are null while there
 * is no value but nulls and NaN. Not thread-safe.
 */
abstract sealed class ColumnStatistics permits ColumnNumberStatistics, ColumnBytesStatistics {
  /** Bounds in a footer or a page index have at most this many bytes. */
  static final int BOUND_BYTES = 64;

  /** Iceberg's {@code truncate(16)}: code points of a string, bytes of a binary. */
  static final int ICEBERG_BOUND = 16;

  private long slots;
  private long nulls;
  private long nans;

  /** A bound as Parquet writes it, and whether it is a value or only a limit of values. */
  record Bound(byte[] bytes, boolean exact) {}

  /** Values so far, nulls and NaN included. */
  final long slots() {
    return slots;
  }

  final long nulls() {
    return nulls;
  }

  final long nans() {
    return nans;
  }

  final void addSlots(long count, long nullCount) {
    slots += count;
    nulls += nullCount;
  }

  final void addNans(long count) {
    nans += count;
  }

  void reset() {
    slots = 0;
    nulls = 0;
    nans = 0;
  }

  /** Adds what another one of the same column has seen. */
  final void merge(ColumnStatistics other) {
    addSlots(other.slots, other.nulls);
    addNans(other.nans);
    mergeBounds(other);
  }

  /** True if there is a value that is neither null nor NaN. */
  abstract boolean bounded();

  abstract void mergeBounds(ColumnStatistics other);

  /** The least value in PLAIN, cut down where long; null where there is none. */
  abstract @Nullable Bound lower();

  /** The largest value in PLAIN, cut and rounded up where long; null where that is not possible. */
  abstract @Nullable Bound upper();

  /** Which of two bounds in PLAIN is less, in the order of the column. */
  abstract int compare(byte[] left, byte[] right);

  /** The lower bound as Iceberg's Java value; null where there is none. */
  abstract @Nullable Object icebergLower(Type type);

  /** The upper bound as Iceberg's Java value; null where there is none. */
  abstract @Nullable Object icebergUpper(Type type);
}
