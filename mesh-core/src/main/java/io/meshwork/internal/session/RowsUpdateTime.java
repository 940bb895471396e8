package io.meshwork.internal.session;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.product.ProductName;
import java.util.Optional;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Finds when a table's current rows were last added or replaced. Erases, compactions, and rollbacks
 * do not count; after a rollback it is the time of the restored rows.
 */
final class RowsUpdateTime {
  private static final String APPEND = "append";
  private static final String REPLACE = "replace-";
  private static final String ROLLBACK = "rollback";

  private RowsUpdateTime() {}

  /**
   * Searches the retained snapshots; usually the newest has the time.
   *
   * @param history the snapshots of branch {@code main}
   * @return empty if nothing was published, or the snapshot that added the rows was expired
   */
  static Optional<LastUpdate> fromTable(Table table, SnapshotHistory history, MeshAction action) {
    Snapshot snapshot = table.currentSnapshot();
    while (snapshot != null) {
      Optional<LastUpdate> recorded = LastUpdate.recordedIn(snapshot);
      if (recorded.isPresent()) {
        return recorded;
      }
      String mode = snapshot.summary().get(TableSnapshots.MODE);
      if (isUpdate(mode, snapshot.operation()) && !LastUpdate.isOfNoRows(snapshot)) {
        String id = Long.toString(snapshot.snapshotId());
        return Optional.of(
            new LastUpdate(
                history.byId(id, action).snapshot().committedAt(),
                Optional.ofNullable(snapshot.summary().get(TableSnapshots.KEY_HASH))));
      }
      snapshot =
          ROLLBACK.equals(mode)
              ? restoredSnapshot(table, snapshot)
              : snapshot.parentId() == null ? null : table.snapshot(snapshot.parentId());
    }
    return Optional.empty();
  }

  /** Searches the log, for tables whose retained snapshots do not have the time. */
  static Optional<LastUpdate> fromLog(Ledger ledger, ProductName product, int major) {
    return ledger
        .rowChanges(RegistryKeys.partition(product))
        .find(entry -> isUpdate(entry.json().path("details"), major))
        .map(entry -> new LastUpdate(Ledger.time(entry), Optional.empty()));
  }

  /** True if a log entry with these details is the last update that {@link #fromLog} finds. */
  static boolean isUpdate(JsonNode details, int major) {
    return MovedTables.find(details, major)
        .filter(moved -> isUpdate(moved.mode().orElse(null), DataOperations.REPLACE))
        .isPresent();
  }

  private static @Nullable Snapshot restoredSnapshot(Table table, Snapshot rollback) {
    try {
      return table.snapshot(
          Long.parseLong(rollback.summary().getOrDefault(TableSnapshots.SCOPE, "")));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean isUpdate(@Nullable String mode, String operation) {
    return mode == null
        ? DataOperations.APPEND.equals(operation)
        : mode.equals(APPEND) || mode.startsWith(REPLACE);
  }
}
