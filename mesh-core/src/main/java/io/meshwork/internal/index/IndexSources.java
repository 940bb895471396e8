package io.meshwork.internal.index;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.index.ProductActivity.ActivityTimes;
import io.meshwork.internal.index.ProductActivity.WaitingRows;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.DataAge;
import io.meshwork.internal.session.PublishQuality;
import io.meshwork.internal.session.ReaderTables;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.table.CompletenessStatement;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableState;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/** Determines index entry and activity from the documents that they derive from. Stateless. */
final class IndexSources {
  private IndexSources() {}

  /** The index entry of the current major version of a product. */
  static ProductIndexEntry indexEntry(ClientSession session, ProductEntry product, int major) {
    VersionEntry version =
        session.catalog().requireFor(Use.DESCRIBE, product.name(), major, action(product.name()));
    return ProductIndexEntry.of(
        product.name(),
        version,
        session.rights().table(product, List.of(version)),
        session
            .ledger()
            .read(RegistryKeys.contract(product.name(), new ContractVersion(major, 0, 0)))
            .flatMap(first -> IdGenerator.time(first.version())));
  }

  /**
   * The activity of a major version.
   *
   * @return empty if the store does not let the principal read the files of the table
   * @throws BackendException if the registry or the table cannot be read
   */
  static Optional<ProductActivity> activity(ClientSession session, ProductName product, int major) {
    VersionEntry version =
        session.catalog().requireFor(Use.DESCRIBE, product, major, action(product));
    return table(session, TableName.of(product, major))
        .map(table -> activity(session, product, version, table));
  }

  private static Optional<Table> table(ClientSession session, TableName name) {
    return readable(() -> ReaderTables.of(session, name.product().domain()).find(name));
  }

  /** Returns nothing for what the caller may not read. */
  private static <T> Optional<T> readable(Supplier<Optional<T>> reader) {
    try {
      return reader.get();
    } catch (AccessDeniedException denied) {
      return Optional.empty();
    } catch (BackendException e) {
      if (e.errorCode() == ErrorCode.PERMISSION_MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static ProductActivity activity(
      ClientSession session, ProductName product, VersionEntry version, Table table) {
    SnapshotHistory history =
        new SnapshotHistory(session.ledger(), table, product, version.version());
    Optional<LastUpdate> update = DataAge.lastUpdate(table, history, action(product));
    return new ProductActivity(
        snapshot(table),
        times(table, update.map(LastUpdate::at)),
        state(table).map(TableState::rows).orElse(0L),
        state(table).map(TableState::bytes).orElse(0L),
        PublishQuality.newest(session.ledger(), product, version.major()),
        readable(
            () ->
                table(session, TableName.of(product, version.major()).quarantined())
                    .map(quarantine -> WaitingRows.in(quarantine, Optional.empty()))),
        DeclaredInputs.inLog(
            session.ledger(), product, version.major(), session.runtime().clock().instant()),
        updates(table, Optional.empty()));
  }

  static Optional<String> snapshot(Table table) {
    return Optional.ofNullable(table.currentSnapshot())
        .map(current -> Long.toString(current.snapshotId()));
  }

  static Optional<TableState> state(Table table) {
    return Optional.ofNullable(table.currentSnapshot()).map(current -> TableState.of(table));
  }

  /** The times as of the current snapshot of a table. */
  static ActivityTimes times(Table table, Optional<Instant> updated) {
    return times(table, table.currentSnapshot(), updated);
  }

  private static ActivityTimes times(
      Table table, @Nullable Snapshot current, Optional<Instant> updated) {
    return new ActivityTimes(
        updated,
        LastUpdate.publishedAsOf(table, current),
        NewestEventTime.textAsOf(table, current),
        CompletenessStatement.asOf(table, current));
  }

  /**
   * The times of the last publishes that retained snapshots name, oldest first.
   *
   * @param last the snapshot whose publishes, and earlier ones, are not wanted
   */
  static List<ActivityTimes> updates(Table table, Optional<String> last) {
    List<ActivityTimes> activities = new ArrayList<>();
    Set<Instant> publishes = new HashSet<>();
    @Nullable Snapshot current = table.currentSnapshot();
    if (current != null) {
      for (Snapshot each : SnapshotUtil.ancestorsOf(current.snapshotId(), table::snapshot)) {
        if (last.filter(Long.toString(each.snapshotId())::equals).isPresent()) {
          break;
        }
        Optional<Instant> at = LastUpdate.publishedIn(each);
        if (at.isPresent() && publishes.add(at.get())) {
          activities.add(times(table, each, LastUpdate.asOf(table, each).map(LastUpdate::at)));
        }
        if (activities.size() == ProductActivity.MAX_UPDATES) {
          break;
        }
      }
    }
    Collections.reverse(activities);
    return activities;
  }

  private static MeshAction action(ProductName product) {
    return MeshAction.of(Verb.DESCRIBE, product);
  }
}
