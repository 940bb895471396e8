package io.meshwork.internal.rows;

import io.meshwork.internal.vector.VectorBatch;

/** Converts records to column vectors. Created once per publish; not thread-safe. */
public interface RecordShredder {
  /**
   * Appends one record as one row to the batch, whose vectors are in the table schema's order and
   * have no dictionaries, except top-level strings in {@link
   * io.meshwork.internal.vector.DictionaryVector.Texts}. A value that does not fit becomes a null
   * and a violation of that row; within a nested column, the whole column becomes null. A null
   * column is stored as is, required or not; a null within a column is a violation if a value is
   * required. If the method throws, nothing is added.
   *
   * @throws io.meshwork.error.ContractViolationException at the first record of a class or Avro
   *     schema whose columns do not match the contract; nothing is added
   * @throws io.meshwork.error.InvalidRequestException if the record is null or of an unsupported
   *     kind; nothing is added
   */
  void shred(Object record, VectorBatch batch, TypeViolations violations);

  /**
   * Appends the first {@code count} of these records, as {@link #shred} does one by one, but much
   * faster for Java records of one class. If the method throws, the rows before the record that
   * caused it stay, so that the batch's number of rows shows which one it is.
   */
  void shredAll(Object[] records, int count, VectorBatch batch, TypeViolations violations);

  /**
   * Returns true if the record is the same when it is shredded later: a Java record of components
   * that cannot change. A source of any others may change the last one to return the next.
   */
  boolean mayWait(Object record);
}
