package io.meshwork.internal.quality;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;

/** An aggregate of rows, independent of their order. Not thread-safe. */
public interface RowMeasure extends AutoCloseable {
  /**
   * Adds rows.
   *
   * @param rows the rows of the batch to add
   */
  void add(VectorBatch batch, RowMask rows);

  /** Adds everything from another measure of the same kind and column. */
  void add(RowMeasure other);

  /** Returns the result for all rows so far; more rows may be added afterwards. */
  MeasuredValue result();

  /**
   * Returns true if rows that were added before can make it unnecessary to read a file: they should
   * be added first.
   */
  default boolean prunesFiles() {
    return false;
  }

  /** Releases resources outside of memory. */
  @Override
  default void close() {
    // Most measures hold no resources.
  }
}
