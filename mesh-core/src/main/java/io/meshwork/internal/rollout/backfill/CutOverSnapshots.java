package io.meshwork.internal.rollout.backfill;

import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.SynchronizedPositions;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.Optional;
import org.apache.iceberg.Table;

/**
 * The snapshots of both major versions at the change from which on they have the same rows.
 *
 * @param from the table of the replaced major version
 */
record CutOverSnapshots(ClientSession session, TransitionContext context, Table from) {
  /**
   * Returns the places of these snapshots.
   *
   * @param to the table of the new major version after the change
   */
  SynchronizedPositions places(Table to, Ledger.Attempt attempt) {
    return new SynchronizedPositions(
        attempt.sequence(),
        newest(from, context.from()),
        Optional.ofNullable(to.currentSnapshot())
            .map(
                marker ->
                    new Place(
                        context.to().major(),
                        Optional.of(Long.toString(marker.snapshotId())),
                        marker.sequenceNumber(),
                        Optional.of(attempt.now())))
            .orElseGet(() -> Place.start(context.to().major())));
  }

  /** Returns the places of the newest snapshots, to which the change adds none. */
  SynchronizedPositions newest(Table to, Ledger.Attempt attempt) {
    return new SynchronizedPositions(
        attempt.sequence(), newest(from, context.from()), newest(to, context.to()));
  }

  private Place newest(Table table, VersionEntry major) {
    Optional<Snapshot> newest =
        new SnapshotHistory(session.ledger(), table, context.product().name(), major.version())
            .newest()
            .map(SnapshotHistory.DatedSnapshot::snapshot);
    return newest
        .map(
            snapshot ->
                new Place(
                    major.major(),
                    Optional.of(snapshot.id()),
                    snapshot.sequence(),
                    Optional.<Instant>of(snapshot.committedAt())))
        .orElseGet(() -> Place.start(major.major()));
  }
}
