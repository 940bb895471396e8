package io.meshwork.internal.parquet.write;

import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Counts and bounds of the values of a page, a column chunk, or a file. Bounds are null while all
 * values are null or NaN. Not thread-safe.
 */
abstract sealed class ColumnStatistics permits ColumnNumberStatistics, ColumnBytesStatistics {
  /** The maximum length in bytes of a bound in a footer or a page index. */
  static final int BOUND_BYTES = 64;

  /** The length of Iceberg's {@code truncate(16)}: code points of a string, bytes of a binary. */
  static final int ICEBERG_BOUND = 16;

  private long valueCount;
  private long nulls;
  private long nans;

  /**
   * A bound as stored in Parquet. {@code exact} is true if it is a value of the column rather than
   * a truncated one.
   */
  record Bound(byte[] bytes, boolean exact) {}

  /** Returns the number of values, nulls and NaN included. */
  final long valueCount() {
    return valueCount;
  }

  final long nulls() {
    return nulls;
  }

  final long nans() {
    return nans;
  }

  final void addSlots(long count, long nullCount) {
    valueCount += count;
    nulls += nullCount;
  }

  final void addNans(long count) {
    nans += count;
  }

  void reset() {
    valueCount = 0;
    nulls = 0;
    nans = 0;
  }

  /** Adds the statistics of other values of the same column. */
  final void merge(ColumnStatistics other) {
    addSlots(other.valueCount, other.nulls);
    addNans(other.nans);
    mergeBounds(other);
  }

  /** Returns true if there is a value that is neither null nor NaN. */
  abstract boolean bounded();

  abstract void mergeBounds(ColumnStatistics other);

  /** Returns the lower bound in PLAIN encoding, truncated if long; null if there is none. */
  abstract @Nullable Bound lower();

  /**
   * Returns the upper bound in PLAIN encoding, truncated and rounded up if long; null if that is
   * impossible.
   */
  abstract @Nullable Bound upper();

  /** Compares two bounds in PLAIN encoding in the order of the column. */
  abstract int compare(byte[] left, byte[] right);

  /** Returns the lower bound as Iceberg's Java value; null if there is none. */
  abstract @Nullable Object icebergLower(Type type);

  /** Returns the upper bound as Iceberg's Java value; null if there is none. */
  abstract @Nullable Object icebergUpper(Type type);
}
