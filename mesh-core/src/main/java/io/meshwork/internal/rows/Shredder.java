package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.VectorBatch;

/** Takes records apart into column vectors. Made once a publish; used by one thread at a time. */
public interface Shredder {
  /**
   * Adds one record as one row to the batch, whose vectors are without dictionaries and in the
   * table schema's order. A value that does not fit becomes a null and a violation of that row; one
   * that does not fit inside of a column makes the whole column null there. A null is stored as it
   * is in a column, required or not; inside of one, where it is required, it is a violation.
   * Whatever is thrown, nothing was added.
   *
   * @throws io.meshwork.error.ContractViolationException at the first record of a class or Avro
   *     schema whose columns are not the contract's; nothing was added
   * @throws io.meshwork.error.InvalidRequestException if the record is null, or of a kind that
   *     cannot be taken apart; nothing was added
   */
  void shred(Object record, VectorBatch batch, Violations violations);
}
