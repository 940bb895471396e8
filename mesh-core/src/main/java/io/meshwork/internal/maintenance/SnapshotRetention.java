package io.meshwork.internal.maintenance;

import io.meshwork.internal.session.ActiveReaders;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Says which snapshots of a table nobody may ask for any more. What stays: the newest; each until a
 * grace after the next one took its place, since until then readers were given it; those that a
 * reader holds; those after the position that is furthest behind, or that was left within a grace,
 * as far back as anybody can poll; branches and tags beside the main line; and what an engine
 * staged under no name, for a week. Times are those of the log. Immutable.
 */
final class SnapshotRetention {
  private final ClientSession session;
  private final TableName name;
  private final MaintenanceLimits limits;
  private final Instant now;

  SnapshotRetention(ClientSession session, TableName name, MaintenanceLimits limits) {
    this.session = session;
    this.name = name;
    this.limits = limits;
    this.now = session.runtime().clock().instant();
  }

  /** A snapshot of the main line and when it was committed. */
  private record Dated(long id, long sequence, Instant at) {}

  /**
   * Ids of snapshots that can go.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  Set<Long> expired(Table table) {
    Snapshot newest = table.currentSnapshot();
    if (newest == null || !anyIsOld(table, newest)) {
      return Set.of();
    }
    Set<Long> kept = new HashSet<>();
    kept.add(newest.snapshotId());
    List<Dated> line = line(table);
    keepGrace(line, kept);
    keepForReaders(line, kept);
    keepBranches(table, newest, kept);
    Set<Long> expired = new TreeSet<>();
    Set<Long> onLine = new HashSet<>();
    line.forEach(snapshot -> onLine.add(snapshot.id()));
    for (Snapshot snapshot : table.snapshots()) {
      boolean old =
          onLine.contains(snapshot.snapshotId())
              || Instant.ofEpochMilli(snapshot.timestampMillis())
                  .isBefore(now.minus(patience(snapshot)));
      if (old && !kept.contains(snapshot.snapshotId())) {
        expired.add(snapshot.snapshotId());
      }
    }
    return expired;
  }

  /** How long a snapshot stays that main does not reach, by whether main reached it once. */
  private Duration patience(Snapshot snapshot) {
    boolean staged =
        !snapshot.summary().containsKey(TableSnapshots.MODE)
            && !snapshot.summary().containsKey(TableSnapshots.PUBLISH_ID);
    return staged && limits.grace().compareTo(MaintenanceLimits.ABANDONED_BY_ENGINES) < 0
        ? MaintenanceLimits.ABANDONED_BY_ENGINES
        : limits.grace();
  }

  /**
   * Before all of the log is looked at: Iceberg's times are never later than the log's, so if all
   * but the newest are young by these, they are young.
   */
  private boolean anyIsOld(Table table, Snapshot newest) {
    Instant graceBegan = now.minus(limits.grace());
    for (Snapshot snapshot : table.snapshots()) {
      if (snapshot.snapshotId() != newest.snapshotId()
          && !Instant.ofEpochMilli(snapshot.timestampMillis()).isAfter(graceBegan)) {
        return true;
      }
    }
    return false;
  }

  /** The main line, newest first. */
  private List<Dated> line(Table table) {
    List<Dated> line = new ArrayList<>();
    if (name.quarantine()) {
      // The log does not tell of its snapshots by name; their times come from the mesh's clock too.
      SnapshotUtil.currentAncestors(table)
          .forEach(
              snapshot ->
                  line.add(
                      new Dated(
                          snapshot.snapshotId(),
                          snapshot.sequenceNumber(),
                          Instant.ofEpochMilli(snapshot.timestampMillis()))));
      return line;
    }
    new SnapshotHistory(
            session.ledger(), table, name.product(), new ContractVersion(name.major(), 0, 0))
        .all()
        .forEach(
            snapshot ->
                line.add(
                    new Dated(
                        Long.parseLong(snapshot.id()),
                        snapshot.sequence(),
                        snapshot.committedAt())));
    return line;
  }

  private void keepGrace(List<Dated> line, Set<Long> kept) {
    Instant graceBegan = now.minus(limits.grace());
    for (int i = 1; i < line.size(); i++) {
      if (line.get(i - 1).at().isAfter(graceBegan)) {
        kept.add(line.get(i).id());
      }
    }
  }

  private void keepForReaders(List<Dated> line, Set<Long> kept) {
    if (name.quarantine()) {
      return;
    }
    ActiveReaders readers = ActiveReaders.of(session, name.product(), name.major());
    readers.heldSnapshots(now).forEach(id -> kept.add(Long.parseLong(id)));
    readers
        .oldestPosition(now)
        .ifPresent(
            oldest -> {
              Instant horizon = now.minus(MaintenanceLimits.POLL_HORIZON);
              for (Dated snapshot : line) {
                if (snapshot.sequence() > oldest && snapshot.at().isAfter(horizon)) {
                  kept.add(snapshot.id());
                }
              }
            });
  }

  /** All of what lies beside the main line on a branch, and where it left it. */
  private static void keepBranches(Table table, Snapshot newest, Set<Long> kept) {
    Set<Long> main = new HashSet<>();
    SnapshotUtil.ancestorsOf(newest.snapshotId(), table::snapshot)
        .forEach(snapshot -> main.add(snapshot.snapshotId()));
    table
        .refs()
        .forEach(
            (ref, target) -> {
              if (!ref.equals(SnapshotRef.MAIN_BRANCH)) {
                for (Snapshot snapshot :
                    SnapshotUtil.ancestorsOf(target.snapshotId(), table::snapshot)) {
                  kept.add(snapshot.snapshotId());
                  if (main.contains(snapshot.snapshotId())) {
                    break;
                  }
                }
              }
            });
  }
}
