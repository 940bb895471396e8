package io.meshwork.internal.parquet.read;

import io.meshwork.internal.vector.VectorBatch;

/** Passes on the batches of a reader, as both kinds of callers use them. */
final class ReadBatches {
  private ReadBatches() {}

  /** Uses a batch, and the position of its first row in the file. */
  interface BatchStep {
    void use(VectorBatch batch, long firstRow);
  }

  /**
   * Passes each batch on.
   *
   * @param beside true to use each batch only after the one after it was read beside it
   */
  static void forEach(BatchReader batches, boolean beside, BatchStep step) {
    if (!beside) {
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        step.use(batch, batches.firstRow());
      }
      return;
    }
    VectorBatch last = batches.next();
    long lastRow = batches.firstRow();
    while (last != null) {
      VectorBatch next = batches.next(1);
      step.use(last, lastRow);
      last = next;
      lastRow = batches.firstRow();
    }
  }
}
