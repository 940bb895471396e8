package io.meshwork.internal.session;

import io.meshwork.internal.table.ProductTable;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

  /** The snapshot property that holds the SHA-256 of the publish's idempotency key. */
  public static final String KEY_HASH = "meshwork.key-hash";

  /** The snapshot property that says what was done with the rows that were there. */
  public static final String MODE = "meshwork.mode";

  /**
   * The snapshot property that holds the snapshot that a rollback brought back. In snapshots from
   * before filters were kept apart also the filter of a replace or an erase; see {@link #scope}.
   */
  public static final String SCOPE = "meshwork.scope";

  private TableSnapshots() {}

  /**
   * The filter of the replace or the erase that made a snapshot, or the snapshot that a rollback
   * brought back; empty if there is none, or it is forgotten. The constants of a filter may name a
   * person, so it lies in the receipt, which is for the owner and for whoever follows the product.
   *
   * @param table the table that has the snapshot
   */
  public static Optional<String> scope(Table table, org.apache.iceberg.Snapshot snapshot) {
    Map<String, String> summary = snapshot.summary();
    String told = summary.get(SCOPE);
    String keyHash = summary.get(KEY_HASH);
    if (told != null || keyHash == null || !(table instanceof ProductTable product)) {
      return Optional.ofNullable(told);
    }
    return product
        .receipt(keyHash)
        .filter(receipt -> receipt.path("publishId").asText().equals(summary.get(PUBLISH_ID)))
        .map(receipt -> receipt.path("scope").textValue());
  }

  /**
   * One snapshot of a quarantine, which the log does not tell of by name.
   *
   * @param otherwise the contract version of a snapshot that names none
   */
  public static Snapshot ofQuarantine(
      org.apache.iceberg.Snapshot snapshot, ProductName product, ContractVersion otherwise) {
    Instant at = Instant.ofEpochMilli(snapshot.timestampMillis());
    return of(snapshot, product, otherwise, at, List.of());
  }

  /**
   * One snapshot.
   *
   * @param otherwise the contract version of a snapshot that names none
   * @param committedAt by our log
   * @param brokenRules ids of rules that its rows are known to break
   */
  static Snapshot of(
      org.apache.iceberg.Snapshot snapshot,
      ProductName product,
      ContractVersion otherwise,
      Instant committedAt,
      List<String> brokenRules) {
    String version = snapshot.summary().get(CONTRACT_VERSION);
    return new Snapshot(
        product,
        version == null ? otherwise : ContractVersion.parse(version),
        Long.toString(snapshot.snapshotId()),
        snapshot.sequenceNumber(),
        committedAt,
        OptionalLong.of(rows(snapshot)),
        brokenRules);
  }

  /** How many rows the whole table has as of a snapshot. */
  public static long rows(org.apache.iceberg.Snapshot snapshot) {
    return Long.parseLong(snapshot.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0"));
  }
}
