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
        Long.parseLong(snapshot.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0")));
  }
}
