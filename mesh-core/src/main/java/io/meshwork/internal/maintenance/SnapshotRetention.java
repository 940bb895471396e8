package io.meshwork.internal.maintenance;

import io.meshwork.internal.leftovers.MaintenanceLimits;
import io.meshwork.internal.leftovers.PollHorizon;
import io.meshwork.internal.leftovers.PositionsInOtherVersions;
import io.meshwork.internal.mirror.MirrorHolds;
import io.meshwork.internal.session.ActiveReaders;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Determines which snapshots of a table expire. Retained are: the newest; each snapshot for a grace
 * period after the next one replaced it, because readers may have pinned it until then; snapshots
 * that a reader holds; for a week, snapshots that mirrors show; the base of a staged replacement,
 * and snapshots after it, until it ends; snapshots after the oldest position that is current or was
 * moved within the grace period, or that can move here from another major version, up to the poll
 * horizon; branches and tags other than main; and snapshots that an engine staged without a
 * reference, for a week. Times are from the log. Immutable.
 */
final class SnapshotRetention {
  private final ClientSession session;
  private final TableName name;
  private final MaintenanceLimits limits;
  private final MirrorHolds holds;
  private final Instant now;

  SnapshotRetention(
      ClientSession session, TableName name, MaintenanceLimits limits, MirrorHolds holds) {
    this.session = session;
    this.name = name;
    this.limits = limits;
    this.holds = holds;
    this.now = session.runtime().clock().instant();
  }

  /** A snapshot of branch main with the time of its commit. */
  private record DatedSnapshot(long id, long sequence, Instant at) {}

  /**
   * Returns the IDs of the snapshots that expire.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  Set<Long> expired(Table table) {
    Snapshot newest = table.currentSnapshot();
    if (newest == null || !anyIsOld(table, newest)) {
      return Set.of();
    }
    Set<Long> retained = new HashSet<>();
    retained.add(newest.snapshotId());
    List<DatedSnapshot> main = main(table);
    retainGracePeriod(main, retained);
    retainForReaders(main, retained);
    retainForMirrors(main, retained);
    retainForStaged(main, retained);
    retainBranches(table, newest, retained);
    Set<Long> expired = new TreeSet<>();
    Set<Long> mainIds = new HashSet<>();
    main.forEach(snapshot -> mainIds.add(snapshot.id()));
    for (Snapshot snapshot : table.snapshots()) {
      boolean old =
          mainIds.contains(snapshot.snapshotId())
              || Instant.ofEpochMilli(snapshot.timestampMillis())
                  .isBefore(now.minus(retentionOffMain(snapshot)));
      if (old && !retained.contains(snapshot.snapshotId())) {
        expired.add(snapshot.snapshotId());
      }
    }
    return expired;
  }

  /** Returns how long to retain a snapshot that is not on main; longer if it never was. */
  private Duration retentionOffMain(Snapshot snapshot) {
    boolean staged =
        !snapshot.summary().containsKey(TableSnapshots.MODE)
            && !snapshot.summary().containsKey(TableSnapshots.PUBLISH_ID);
    return staged && limits.grace().compareTo(MaintenanceLimits.ABANDONED_BY_ENGINES) < 0
        ? MaintenanceLimits.ABANDONED_BY_ENGINES
        : limits.grace();
  }

  /**
   * Checks Iceberg's times before the log is read: they are never later than the log's, so if no
   * snapshot except the newest is old by them, none is old.
   */
  private boolean anyIsOld(Table table, Snapshot newest) {
    Instant graceStart = now.minus(limits.grace());
    for (Snapshot snapshot : table.snapshots()) {
      if (snapshot.snapshotId() != newest.snapshotId()
          && !Instant.ofEpochMilli(snapshot.timestampMillis()).isAfter(graceStart)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the snapshots of branch main, newest first. */
  private List<DatedSnapshot> main(Table table) {
    List<DatedSnapshot> main = new ArrayList<>();
    if (name.quarantine()) {
      // The log does not contain the IDs of these snapshots; their times also come from the mesh.
      SnapshotUtil.currentAncestors(table)
          .forEach(
              snapshot ->
                  main.add(
                      new DatedSnapshot(
                          snapshot.snapshotId(),
                          snapshot.sequenceNumber(),
                          Instant.ofEpochMilli(snapshot.timestampMillis()))));
      return main;
    }
    new SnapshotHistory(
            session.ledger(), table, name.product(), new ContractVersion(name.major(), 0, 0))
        .all()
        .forEach(
            snapshot ->
                main.add(
                    new DatedSnapshot(
                        Long.parseLong(snapshot.id()),
                        snapshot.sequence(),
                        snapshot.committedAt())));
    return main;
  }

  private void retainGracePeriod(List<DatedSnapshot> main, Set<Long> retained) {
    Instant graceStart = now.minus(limits.grace());
    for (int i = 1; i < main.size(); i++) {
      if (main.get(i - 1).at().isAfter(graceStart)) {
        retained.add(main.get(i).id());
      }
    }
  }

  private void retainForReaders(List<DatedSnapshot> main, Set<Long> retained) {
    if (name.quarantine()) {
      return;
    }
    ActiveReaders readers = ActiveReaders.of(session, name.product(), name.major());
    readers.heldSnapshots(now).forEach(id -> retained.add(Long.parseLong(id)));
    LongStream.concat(
            readers.oldestPosition(now).stream(),
            PositionsInOtherVersions.requiredAfter(session, name))
        .min()
        .ifPresent(
            oldest -> {
              Instant horizon = now.minus(PollHorizon.of(session, name));
              for (DatedSnapshot snapshot : main) {
                if (snapshot.sequence() > oldest && snapshot.at().isAfter(horizon)) {
                  retained.add(snapshot.id());
                }
              }
            });
  }

  /** Retains the snapshots that mirrors show, for a week after they were replaced. */
  private void retainForMirrors(List<DatedSnapshot> main, Set<Long> retained) {
    Set<String> shown = holds.snapshots(name.key());
    if (shown.isEmpty()) {
      return;
    }
    Instant start = now.minus(MaintenanceLimits.SHOWN_BY_MIRRORS);
    for (int i = 1; i < main.size(); i++) {
      if (shown.contains(Long.toString(main.get(i).id())) && main.get(i - 1).at().isAfter(start)) {
        retained.add(main.get(i).id());
      }
    }
  }

  /**
   * Retains what the promotion of a staged replacement looks at: whether a later snapshot changed
   * the rows that it replaces.
   */
  private void retainForStaged(List<DatedSnapshot> main, Set<Long> retained) {
    if (name.quarantine()) {
      return;
    }
    for (StagedFiles staged : StagedFiles.list(session.ledger(), name.partition())) {
      if (staged.isReplacement()) {
        long oldest =
            staged.hasBase(name.major())
                ? oldestSinceBase(main, staged.base(name.major()))
                : oldestSince(main, staged.stagedAt());
        main.stream()
            .filter(snapshot -> snapshot.sequence() >= oldest)
            .forEach(snapshot -> retained.add(snapshot.id()));
      }
    }
  }

  private static long oldestSinceBase(List<DatedSnapshot> main, OptionalLong base) {
    return main.stream()
        .filter(snapshot -> base.isEmpty() || snapshot.id() == base.getAsLong())
        .mapToLong(DatedSnapshot::sequence)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** The newest snapshot before a time; the oldest one if all are later. */
  private static long oldestSince(List<DatedSnapshot> main, Instant time) {
    return main.stream()
        .filter(snapshot -> snapshot.at().isBefore(time))
        .mapToLong(DatedSnapshot::sequence)
        .max()
        .orElse(Long.MIN_VALUE);
  }

  /** Retains the snapshots of other branches and tags, up to their first ancestor on main. */
  private static void retainBranches(Table table, Snapshot newest, Set<Long> retained) {
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
                  retained.add(snapshot.snapshotId());
                  if (main.contains(snapshot.snapshotId())) {
                    break;
                  }
                }
              }
            });
  }
}
