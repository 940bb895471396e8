package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.VectorBatch;

/** Makes records of the rows of column batches. Used by one thread at a time. */
public interface Materializer<T> {
  /**
   * The row as a record, which shares nothing with the batch.
   *
   * @throws io.meshwork.error.InvalidRequestException if the target type cannot hold the row, such
   *     as a null in a primitive component; names the row, counted from 1 over all rows made so far
   */
  T row(VectorBatch batch, int row);
}
