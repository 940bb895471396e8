package io.meshwork.internal.quality;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.OptionalDouble;

/** Measures the rows of a publish as a whole, for one rule. Not thread-safe. */
interface DatasetMeasure {
  /**
   * Looks at more rows, in no particular order. Vectors may be dictionary-coded, and are used again
   * after the call.
   *
   * @param counted the rows that are published, as far as is known now, and that the rule's filter
   *     is true for; values of other rows are not to be trusted
   */
  void accept(VectorBatch batch, RowMask counted);

  /** What was measured and what that means for the rule; asked once, after the last row. */
  Measured result();

  /** The number that the history keeps; empty if there is none. */
  OptionalDouble figure();

  /** Frees what it keeps outside of memory. */
  void close();
}
