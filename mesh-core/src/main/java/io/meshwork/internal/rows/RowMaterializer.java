package io.meshwork.internal.rows;

import io.meshwork.internal.vector.VectorBatch;

/** Creates records from the rows of column batches. Not thread-safe. */
public interface RowMaterializer<T> {
  /**
   * Returns the row as a record, which shares no state with the batch.
   *
   * @throws io.meshwork.error.InvalidRequestException if the target type cannot represent the row,
   *     such as a null in a primitive component; names the row, counted from 1 over all rows so far
   */
  T row(VectorBatch batch, int row);
}
