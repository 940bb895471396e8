package io.meshwork.internal.scan;

import io.meshwork.internal.vector.VectorBatch;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** Combines batches of any size into full batches, except for the last one. Not thread-safe. */
final class FixedSizeBatches {
  private final Schema columns;
  private final Supplier<@Nullable VectorBatch> source;
  private @Nullable VectorBatch current;
  private int next;

  /**
   * Creates the batches of a source.
   *
   * @param columns the columns of the source's batches
   * @param source returns a batch, which is valid until the next call; null at the end
   */
  FixedSizeBatches(Schema columns, Supplier<@Nullable VectorBatch> source) {
    this.columns = columns;
    this.source = source;
  }

  /** True if the current batch of the source has more rows. */
  boolean hasRemaining() {
    return current != null && next < current.rows();
  }

  /** The next batch; null at the end. */
  @Nullable VectorBatch next() {
    VectorBatch full = VectorBatch.empty(columns);
    while (full.rows() < VectorBatch.ROWS) {
      if (!hasRemaining()) {
        VectorBatch more = source.get();
        if (more == null) {
          break;
        }
        current = more.flat();
        next = 0;
      }
      append(full);
    }
    return full.rows() == 0 ? null : full;
  }

  private void append(VectorBatch full) {
    VectorBatch from = current;
    if (from == null) {
      return;
    }
    int end = Math.min(from.rows(), next + VectorBatch.ROWS - full.rows());
    for (int column = 0; column < from.vectors().size(); column++) {
      for (int row = next; row < end; row++) {
        full.vector(column).appendFrom(from.vector(column), row);
      }
    }
    next = end;
  }
}
