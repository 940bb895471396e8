package io.meshwork.internal.session;

import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import org.apache.iceberg.SnapshotSummary;

/** Iceberg's snapshots in the words of the mesh. */
public final class TableSnapshots {
  /** The snapshot property that holds the contract version that its rows were checked against. */
  public static final String CONTRACT_VERSION = "meshwork.contract-version";

  /** The snapshot property that names the product. */
  public static final String PRODUCT = "meshwork.product";

  /** The snapshot property that holds the id of the publish that made it. */
  public static final String PUBLISH_ID = "meshwork.publish-id";

  /** The snapshot property that holds the SHA-256 of the publish's idempotency key. */
  public static final String KEY_HASH = "meshwork.key-hash";

  /** The snapshot property that says what was done with the rows that were there. */
  public static final String MODE = "meshwork.mode";

  /**
   * The snapshot property that holds the filter of a replace or an erase, or the snapshot that a
   * rollback brought back.
   */
  public static final String SCOPE = "meshwork.scope";

  private TableSnapshots() {}

  /**
   * One snapshot of a quarantine, which the log does not tell of by name.
   *
   * @param otherwise the contract version of a snapshot that names none
   */
  public static Snapshot ofQuarantine(
      org.apache.iceberg.Snapshot snapshot, ProductName product, ContractVersion otherwise) {
    return of(snapshot, product, otherwise, Instant.ofEpochMilli(snapshot.timestampMillis()));
  }

  /**
   * One snapshot.
   *
   * @param otherwise the contract version of a snapshot that names none
   * @param committedAt by our log
   */
  static Snapshot of(
      org.apache.iceberg.Snapshot snapshot,
      ProductName product,
      ContractVersion otherwise,
      Instant committedAt) {
    String version = snapshot.summary().get(CONTRACT_VERSION);
    return new Snapshot(
        product,
        version == null ? otherwise : ContractVersion.parse(version),
        Long.toString(snapshot.snapshotId()),
        snapshot.sequenceNumber(),
        committedAt,
        rows(snapshot));
  }

  /** How many rows the whole table has as of a snapshot. */
  public static long rows(org.apache.iceberg.Snapshot snapshot) {
    return Long.parseLong(snapshot.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0"));
  }
}
