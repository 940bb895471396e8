package io.meshwork.internal.session;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.product.ProductName;
import java.util.Optional;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * When the rows that a table has now were added or replaced last. Erasing, laying out anew and
 * rolling back make nothing newer; after a rollback it is the time of the rows that came back.
 */
public final class RowsUpdateTime {
  private static final String APPEND = "append";
  private static final String REPLACE = "replace-";
  private static final String ROLLBACK = "rollback";

  private RowsUpdateTime() {}

  /**
   * Looks at the snapshots that are there; mostly the newest says it.
   *
   * @param line the table's main line
   * @return empty if nothing was published, or what brought the rows is forgotten
   */
  public static Optional<LastUpdate> inTable(Table table, SnapshotHistory line, MeshAction action) {
    Snapshot each = table.currentSnapshot();
    while (each != null) {
      Optional<LastUpdate> said = LastUpdate.saidBy(each);
      if (said.isPresent()) {
        return said;
      }
      String mode = each.summary().get(TableSnapshots.MODE);
      if (updates(mode, each.operation()) && !LastUpdate.isOfNoRows(each)) {
        String id = Long.toString(each.snapshotId());
        return Optional.of(
            new LastUpdate(
                line.byId(id, action).snapshot().committedAt(),
                Optional.ofNullable(each.summary().get(TableSnapshots.KEY_HASH))));
      }
      each =
          ROLLBACK.equals(mode)
              ? broughtBack(table, each)
              : each.parentId() == null ? null : table.snapshot(each.parentId());
    }
    return Optional.empty();
  }

  /** The same from the log, for tables of which no snapshot that is left says it. */
  public static Optional<LastUpdate> inLog(Ledger ledger, ProductName product, int major) {
    Optional<VersionedDocument> entry = ledger.newestEntry(RegistryKeys.partition(product));
    while (entry.isPresent()) {
      JsonNode details = entry.get().json().path("details");
      if (details.path("major").asInt() == major
          && details.hasNonNull("snapshotId")
          && updates(details.path("mode").textValue(), DataOperations.REPLACE)) {
        return Optional.of(new LastUpdate(Ledger.time(entry.get()), Optional.empty()));
      }
      entry = ledger.entryBefore(entry.get());
    }
    return Optional.empty();
  }

  private static @Nullable Snapshot broughtBack(Table table, Snapshot rollback) {
    try {
      return table.snapshot(
          Long.parseLong(rollback.summary().getOrDefault(TableSnapshots.SCOPE, "")));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean updates(@Nullable String mode, String operation) {
    return mode == null
        ? DataOperations.APPEND.equals(operation)
        : mode.equals(APPEND) || mode.startsWith(REPLACE);
  }
}
