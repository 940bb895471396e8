package io.meshwork.internal.session;

import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.table.CompletenessStatement;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * How old the rows of a major version are, and until when its contract calls them fresh. Immutable.
 *
 * @param update the last publish that added or replaced rows; empty before the first
 * @param dataTime the newest event time; empty if it is unknown
 * @param completeUpTo the time up to which the producer stated the rows complete
 * @param limit the greatest age that the contract promises; empty without a promise
 */
public record DataAge(
    Optional<LastUpdate> update,
    Optional<Instant> dataTime,
    Optional<Instant> completeUpTo,
    Optional<Duration> limit) {
  /**
   * Determines the age of the rows of a loaded table. Reads the log if no retained snapshot has the
   * time.
   */
  public static DataAge of(
      ClientSession session,
      ProductName product,
      VersionEntry version,
      Table table,
      MeshAction action) {
    SnapshotHistory history =
        new SnapshotHistory(session.ledger(), table, product, version.version());
    return of(table, version.contract(), lastUpdate(table, history, action));
  }

  /** Determines the age of the rows of a table with this last update. */
  public static DataAge of(Table table, Contract contract, Optional<LastUpdate> update) {
    return of(table, table.currentSnapshot(), contract, update);
  }

  /**
   * Determines the age of the rows as of a snapshot.
   *
   * @param snapshot null before the first publish
   */
  public static DataAge of(
      Table table, @Nullable Snapshot snapshot, Contract contract, Optional<LastUpdate> update) {
    return new DataAge(
        update,
        NewestEventTime.of(contract.serviceLevel(), table)
            .flatMap(time -> time.asOf(table, snapshot)),
        CompletenessStatement.asOf(table, snapshot),
        contract.freshWithin());
  }

  /** Determines the last update of a table from its retained snapshots, otherwise from the log. */
  public static Optional<LastUpdate> lastUpdate(
      Table table, SnapshotHistory history, MeshAction action) {
    return table.currentSnapshot() == null
        ? Optional.empty()
        : history.lastUpdate(action).or(history::lastUpdateInLog);
  }

  /** Returns the same for a caller that may not know the event time. */
  public DataAge withoutDataTime() {
    return new DataAge(update, Optional.empty(), completeUpTo, limit);
  }

  /**
   * Returns the age that counts for a promise: before the first publish, from the definition of the
   * major version.
   */
  public DataAge orSinceDefinition(Ledger ledger, ProductName product, int major) {
    return update.isPresent()
        ? this
        : new DataAge(
            // The first contract of a major version is never replaced, so its version has the time.
            ledger
                .read(RegistryKeys.contract(product, new ContractVersion(major, 0, 0)))
                .flatMap(first -> IdGenerator.time(first.version()))
                .map(at -> new LastUpdate(at, Optional.empty())),
            Optional.empty(),
            Optional.empty(),
            limit);
  }

  /** Returns when rows were last added or replaced. */
  public Optional<Instant> updated() {
    return update.map(LastUpdate::at);
  }

  /** Returns the time from which the age counts; empty if it is unknown. */
  public Optional<Instant> reference() {
    return NewestEventTime.reference(updated(), dataTime, completeUpTo);
  }

  /** Returns the last instant at which the rows are fresh; empty without a promise or rows. */
  public Optional<Instant> freshUntil() {
    return reference().flatMap(time -> limit.map(time::plus));
  }

  /** Returns when the rows became late; empty if they are fresh at this time. */
  public Optional<Instant> lateSince(Instant now) {
    return freshUntil().filter(now::isAfter);
  }

  /** Returns how late the rows are; zero if they are fresh, or nothing is promised. */
  public Duration lateBy(Instant now) {
    return lateSince(now).map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
  }
}
