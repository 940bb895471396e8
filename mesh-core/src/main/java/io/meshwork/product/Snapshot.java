package io.meshwork.product;

import java.time.Instant;

/**
 * One committed state of one major version; sequence, not time, says which came first. Immutable.
 *
 * @param product whose state it is
 * @param contract the contract version it was checked against
 * @param id Iceberg's snapshot id, as text since 64 bits do not survive every reader
 * @param sequence rises by one with each committed change of the table
 * @param committedAt by the mesh's clock
 * @param rows rows in the whole table as of this snapshot; {@link #HIDDEN} for those who do not see
 *     all of them
 */
public record Snapshot(
    ProductName product,
    ContractVersion contract,
    String id,
    long sequence,
    Instant committedAt,
    long rows) {
  /** The number of rows that is told to those who do not see all of them. */
  public static final long HIDDEN = -1;

  /** The same for those who do not see all rows. */
  public Snapshot withoutRows() {
    return new Snapshot(product, contract, id, sequence, committedAt, HIDDEN);
  }
}
