package io.meshwork.internal.session;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.ledger.MovedTables;
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
import org.jspecify.annotations.Nullable;

/** Converts Iceberg's snapshots to their public form, and names their properties. */
public final class TableSnapshots {
  /** The snapshot property with the contract version that its rows were checked against. */
  public static final String CONTRACT_VERSION = "meshwork.contract-version";

  /** The snapshot property with the product's name. */
  public static final String PRODUCT = "meshwork.product";

  /** The snapshot property with the ID of the publish that created it. */
  public static final String PUBLISH_ID = "meshwork.publish-id";

  /** The snapshot property with the SHA-256 of the publish's idempotency key. */
  public static final String KEY_HASH = "meshwork.key-hash";

  /** The snapshot property with what was done with existing rows. */
  public static final String MODE = "meshwork.mode";

  /**
   * The snapshot property with the snapshot that a rollback restored. In old snapshots also the
   * filter of a replace or an erase; see {@link #scope}.
   */
  public static final String SCOPE = "meshwork.scope";

  private TableSnapshots() {}

  /**
   * The filter of the replace or erase that created a snapshot, or the snapshot that a rollback
   * restored; empty if there is none, or its receipt was deleted. The constants of a filter may
   * identify a person, so the filter is stored in the receipt, which only the owner and consumers
   * can read.
   *
   * @param table the table that has the snapshot
   */
  public static Optional<String> scope(Table table, org.apache.iceberg.Snapshot snapshot) {
    Map<String, String> summary = snapshot.summary();
    String scope = summary.get(SCOPE);
    String keyHash = summary.get(KEY_HASH);
    if (scope != null || keyHash == null || !(table instanceof ProductTable product)) {
      return Optional.ofNullable(scope);
    }
    return product
        .receipt(keyHash)
        .filter(receipt -> receipt.path("publishId").asText().equals(summary.get(PUBLISH_ID)))
        .map(receipt -> partOf(receipt, summary.get(CONTRACT_VERSION)))
        .map(receipt -> receipt.path("scope").textValue());
  }

  private static JsonNode partOf(JsonNode receipt, @Nullable String contract) {
    return contract == null
        ? receipt
        : MovedTables.inReceipt(receipt, ContractVersion.parse(contract).major());
  }

  /**
   * One snapshot of a quarantine, which log entries do not name.
   *
   * @param defaultVersion the contract version of a snapshot that names none
   */
  public static Snapshot ofQuarantine(
      org.apache.iceberg.Snapshot snapshot, ProductName product, ContractVersion defaultVersion) {
    Instant at = Instant.ofEpochMilli(snapshot.timestampMillis());
    return of(snapshot, product, defaultVersion, at, List.of());
  }

  /**
   * One snapshot.
   *
   * @param defaultVersion the contract version of a snapshot that names none
   * @param committedAt when the log recorded its commit
   * @param brokenRules IDs of rules that its rows are known to break
   */
  static Snapshot of(
      org.apache.iceberg.Snapshot snapshot,
      ProductName product,
      ContractVersion defaultVersion,
      Instant committedAt,
      List<String> brokenRules) {
    String version = snapshot.summary().get(CONTRACT_VERSION);
    return new Snapshot(
        product,
        version == null ? defaultVersion : ContractVersion.parse(version),
        Long.toString(snapshot.snapshotId()),
        snapshot.sequenceNumber(),
        committedAt,
        OptionalLong.of(rows(snapshot)),
        brokenRules);
  }

  /** The number of rows of the whole table as of a snapshot. */
  public static long rows(org.apache.iceberg.Snapshot snapshot) {
    return Long.parseLong(snapshot.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0"));
  }
}
