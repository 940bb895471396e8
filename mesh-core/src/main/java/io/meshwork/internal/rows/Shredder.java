package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.VectorBatch;

/** Takes records apart into column vectors. Made once a publish; used by one thread at a time. */
public interface Shredder {
  /**
   * Adds one record as one row to the batch, whose vectors are flat and in the table schema's
   * order. A value that does not fit becomes a null and a violation of that row; a null is stored
   * as it is, required or not.
   *
   * @throws io.meshwork.error.ContractViolationException at the first record of a class or Avro
   *     schema whose columns are not the contract's; nothing was added
   * @throws io.meshwork.error.InvalidRequestException if the record is null, or of a kind that
   *     cannot be taken apart; nothing was added
   */
  void shred(Object record, VectorBatch batch, Violations violations);
}
