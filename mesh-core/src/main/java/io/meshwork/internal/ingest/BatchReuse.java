package io.meshwork.internal.ingest;

import io.meshwork.internal.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * The memory for the next batch: from the last one, or from the one before if the last is still
 * read. Not thread-safe.
 */
final class BatchReuse {
  private @Nullable VectorBatch idle;
  private boolean retained;

  /** Keeps the rows of the last batch until the second batch after it is requested. */
  void retain() {
    retained = true;
  }

  /** Returns an empty batch for the rows after the last batch. */
  VectorBatch after(VectorBatch last) {
    if (!retained) {
      last.reset();
      return last;
    }
    retained = false;
    VectorBatch next = last.successor(idle);
    idle = last;
    return next;
  }
}
