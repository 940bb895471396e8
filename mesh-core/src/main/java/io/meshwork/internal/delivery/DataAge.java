package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.table.CompletenessStatement;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.LastUpdate.DataTime;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.iceberg.Table;

/**
 * How old the rows of a major version are, and until when its contract calls them fresh. Immutable.
 *
 * @param update the last publish that added or replaced rows; empty before the first
 * @param dataTime the newest event time; empty if it is unknown
 * @param completeUpTo the time up to which the producer stated the rows complete
 * @param limit the greatest age that the contract promises; empty without a promise
 */
record DataAge(
    Optional<LastUpdate> update,
    Optional<Instant> dataTime,
    Optional<Instant> completeUpTo,
    Optional<Duration> limit) {
  /** Determines the age of the rows of a table as it was loaded. */
  static DataAge of(
      ClientSession session,
      ProductName product,
      VersionEntry version,
      Table table,
      MeshAction action) {
    SnapshotHistory history =
        new SnapshotHistory(session.ledger(), table, product, version.version());
    return new DataAge(
        table.currentSnapshot() == null
            ? Optional.empty()
            : history.lastUpdate(action).or(history::lastUpdateInLog),
        DataTime.of(version.contract().serviceLevel(), table)
            .flatMap(time -> time.asOf(table, table.currentSnapshot())),
        CompletenessStatement.asOf(table, table.currentSnapshot()),
        version.contract().freshWithin());
  }

  /** The last instant at which the rows are fresh; empty without a promise or rows. */
  private Optional<Instant> freshUntil() {
    return DataTime.reference(update.map(LastUpdate::at), dataTime, completeUpTo)
        .flatMap(time -> limit.map(time::plus));
  }

  /** Returns when the rows became late; empty if they are fresh at this time. */
  Optional<Instant> lateSince(Instant now) {
    return freshUntil().filter(now::isAfter);
  }
}
