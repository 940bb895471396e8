package io.meshwork.internal.materializers;

import io.meshwork.internal.vector.VectorBatch;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Creates records from the rows of column batches. Not thread-safe. */
public interface RowMaterializer<T> {
  /**
   * Returns the row as a record, which shares no state with the batch.
   *
   * @throws io.meshwork.error.InvalidRequestException if the target type cannot represent the row,
   *     such as a null in a primitive component; names the row, counted from 1 over all rows so far
   */
  T row(VectorBatch batch, int row);

  /**
   * Returns all rows of a batch in order, each as {@link #row} does, but faster: the values of some
   * rows may be read before the first of them is returned. The batch must not change meanwhile.
   */
  default Iterator<T> rows(VectorBatch batch) {
    return new Iterator<>() {
      private int row;

      @Override
      public boolean hasNext() {
        return row < batch.rows();
      }

      @Override
      public T next() {
        if (row >= batch.rows()) {
          throw new NoSuchElementException("the batch has " + batch.rows() + " rows");
        }
        return row(batch, row++);
      }
    };
  }
}
