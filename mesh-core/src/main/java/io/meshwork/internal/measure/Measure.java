package io.meshwork.internal.measure;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;

/** A number that grows with rows, in whatever order they come. Not thread-safe. */
public interface Measure extends AutoCloseable {
  /**
   * Adds rows.
   *
   * @param rows which of the batch
   */
  void add(VectorBatch batch, RowMask rows);

  /** Adds all that another has seen, which is of the same kind and column. */
  void add(Measure other);

  /** What all rows so far come to; more may be added afterwards. */
  Figure result();

  /** Frees what it keeps outside of memory. */
  @Override
  default void close() {
    // Most keep nothing.
  }
}
