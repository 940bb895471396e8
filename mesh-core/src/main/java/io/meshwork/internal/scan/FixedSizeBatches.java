package io.meshwork.internal.scan;

import io.meshwork.internal.columnar.VectorBatch;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** Rows in full batches, the last one apart, however few come at once. Not thread-safe. */
final class FixedSizeBatches {
  private final Schema columns;
  private final Supplier<@Nullable VectorBatch> source;
  private @Nullable VectorBatch held;
  private int next;

  /**
   * Rows of a source.
   *
   * @param columns those of the source's batches
   * @param source gives a batch, valid until the next one; null at the end
   */
  FixedSizeBatches(Schema columns, Supplier<@Nullable VectorBatch> source) {
    this.columns = columns;
    this.source = source;
  }

  /** True if rows came from the source that were not given yet. */
  boolean holdsRows() {
    return held != null && next < held.rows();
  }

  /** The next batch; null at the end. */
  @Nullable VectorBatch next() {
    VectorBatch full = VectorBatch.empty(columns);
    while (full.rows() < VectorBatch.ROWS) {
      if (!holdsRows()) {
        VectorBatch more = source.get();
        if (more == null) {
          break;
        }
        held = more.flat();
        next = 0;
      }
      append(full);
    }
    return full.rows() == 0 ? null : full;
  }

  private void append(VectorBatch full) {
    VectorBatch from = held;
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
