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
 * @param rows rows in the whole table as of this snapshot
 */
public record Snapshot(
    ProductName product,
    ContractVersion contract,
    String id,
    long sequence,
    Instant committedAt,
    long rows) {}
