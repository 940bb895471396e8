package io.meshwork.internal.session;

import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.Optional;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

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
   * The newest snapshot of a table; empty before the first publish.
   *
   * @param otherwise the contract version of a snapshot that names none
   */
  public static Optional<Snapshot> current(
      Table table, ProductName product, ContractVersion otherwise) {
    return Optional.ofNullable(table.currentSnapshot())
        .map(snapshot -> of(snapshot, product, otherwise));
  }

  /** One snapshot. */
  public static Snapshot of(
      org.apache.iceberg.Snapshot snapshot, ProductName product, ContractVersion otherwise) {
    String version = snapshot.summary().get(CONTRACT_VERSION);
    return new Snapshot(
        product,
        version == null ? otherwise : ContractVersion.parse(version),
        Long.toString(snapshot.snapshotId()),
        snapshot.sequenceNumber(),
        Instant.ofEpochMilli(snapshot.timestampMillis()),
        Long.parseLong(snapshot.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0")));
  }
}
