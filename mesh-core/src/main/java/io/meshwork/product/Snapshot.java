package io.meshwork.product;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * One committed state of one major version. The sequence number, not the time, gives the order.
 * Immutable.
 *
 * @param product the product
 * @param contract the contract version that its rows were checked against
 * @param id the Iceberg snapshot ID, as text, because some JSON readers lose precision at 64 bits
 * @param sequence increases by one with each committed change of the table
 * @param committedAt the commit time, by the mesh's clock
 * @param rows the number of rows of the table as of this snapshot; empty for readers who do not see
 *     all of them
 * @param brokenRules ids of rules of the contract that rows of this snapshot are known to violate,
 *     because the owner rolled back to them anyway; empty for readers who do not see all rows
 */
public record Snapshot(
    ProductName product,
    ContractVersion contract,
    String id,
    long sequence,
    Instant committedAt,
    OptionalLong rows,
    List<String> brokenRules) {
  public Snapshot {
    brokenRules = List.copyOf(brokenRules);
  }

  /** Creates a snapshot whose rows are not known to violate a rule. */
  public Snapshot(
      ProductName product,
      ContractVersion contract,
      String id,
      long sequence,
      Instant committedAt,
      long rows) {
    this(product, contract, id, sequence, committedAt, OptionalLong.of(rows), List.of());
  }

  /** Returns this snapshot for readers who do not see all rows. */
  public Snapshot withoutRows() {
    return new Snapshot(
        product, contract, id, sequence, committedAt, OptionalLong.empty(), List.of());
  }
}
