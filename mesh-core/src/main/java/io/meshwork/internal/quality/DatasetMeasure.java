package io.meshwork.internal.quality;

import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.util.OptionalDouble;

/** Measures all rows of a publish for one rule. Not thread-safe. */
interface DatasetMeasure {
  /**
   * Adds rows, in any order. Vectors may be dictionary-encoded and are reused after the call.
   *
   * @param counted the rows that match the rule's filter and are not yet known to be rejected;
   *     values of other rows are unreliable
   */
  void accept(VectorBatch batch, RowMask counted);

  /** Returns true if it is a {@link RowMeasure#seesAllValues}. */
  boolean seesAllValues();

  /** Returns what it measured, as {@link RowMeasure#counts}. */
  Serializable counts();

  /** Adds what another measure of the same rule measured. */
  void add(Serializable counts);

  /** Returns the measurement and the outcome for the rule; called once, after the last row. */
  RuleMeasurement result();

  /** Returns the number that the history stores; empty if there is none. */
  OptionalDouble figure();

  /** Releases resources outside of memory. */
  void close();
}
