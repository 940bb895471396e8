package io.meshwork.internal.erasure;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.leftovers.BackFillTables;
import io.meshwork.internal.leftovers.PollHorizon;
import io.meshwork.internal.mirror.MirrorHolds;
import io.meshwork.internal.rollout.PlaceMapping;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReachableCatalogs;
import io.meshwork.internal.table.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Finds who needs the snapshots that an erasure expires: reads, positions of subscriptions,
 * mirrors, branches and tags of engines, and rollouts that copy rows. The grace period for reads
 * without a hold does not count. Stateless.
 */
record ErasureObstacles(ClientSession session, ErasureRequest request) {
  /**
   * Someone who needs snapshots.
   *
   * @param snapshots the IDs of these snapshots
   * @param passable true if the caller can decide not to wait
   */
  record Obstacle(TableName table, Set<Long> snapshots, boolean passable, String what, String fix) {
    Finding finding() {
      return new Finding(
          FindingCode.ERASURE_BLOCKED,
          Severity.ERROR,
          table.toString(),
          what,
          snapshots.size(),
          snapshots.stream().map(id -> "snapshot " + id).toList(),
          fix);
    }
  }

  /** Those who need snapshots of a table with erased rows. */
  List<Obstacle> find(TableErasure erasure) {
    List<Obstacle> obstacles = new ArrayList<>();
    Set<Long> earlier = erasure.earlier();
    if (isCopied(erasure) && (erasure.newestHolds() || !earlier.isEmpty())) {
      obstacles.add(
          new Obstacle(
              erasure.name(),
              erasure.holding(),
              false,
              "A rollout copies rows to this table.",
              "Activate or abort the rollout, and run the erasure again with the same key."));
    }
    if (earlier.isEmpty()) {
      return obstacles;
    }
    addRefs(erasure, obstacles);
    if (!erasure.name().quarantine()) {
      addReaders(erasure, obstacles);
      addMirrors(erasure, obstacles);
    }
    return obstacles;
  }

  /** True if only the rollout itself changes the table. */
  boolean isCopied(TableErasure erasure) {
    TableName name = erasure.name();
    return BackFillTables.isRecord(session, name, erasure.table())
        || session
            .catalog()
            .majorState(name.product(), name.major())
            .filter(MajorState.PREPARED::equals)
            .isPresent();
  }

  private static void addRefs(TableErasure erasure, List<Obstacle> obstacles) {
    Table table = erasure.table();
    Set<Long> main = main(table);
    table
        .refs()
        .forEach(
            (ref, target) -> {
              if (ref.equals(SnapshotRef.MAIN_BRANCH)) {
                return;
              }
              Set<Long> needed = new TreeSet<>();
              for (Snapshot snapshot :
                  SnapshotUtil.ancestorsOf(target.snapshotId(), table::snapshot)) {
                needed.add(snapshot.snapshotId());
                if (main.contains(snapshot.snapshotId())) {
                  break;
                }
              }
              needed.retainAll(erasure.earlier());
              if (!needed.isEmpty()) {
                obstacles.add(
                    new Obstacle(
                        erasure.name(),
                        needed,
                        false,
                        (target.isBranch() ? "Branch " : "Tag ") + ref + " contains the rows.",
                        "Remove it with the engine that made it, and run the erasure again with"
                            + " the same key."));
              }
            });
  }

  private static Set<Long> main(Table table) {
    Set<Long> main = new HashSet<>();
    SnapshotUtil.currentAncestors(table).forEach(snapshot -> main.add(snapshot.snapshotId()));
    return main;
  }

  private void addReaders(TableErasure erasure, List<Obstacle> obstacles) {
    TableName name = erasure.name();
    Instant now = session.runtime().clock().instant();
    List<Integer> others =
        session
            .catalog()
            .requireFor(Use.DESCRIBE, name.product(), name.major(), request.action())
            .publishedWith();
    PlaceMapping mapping = new PlaceMapping(session.ledger(), name.product());
    for (Catalog.Consumer consumer : session.catalog().consumers(name.product().domain())) {
      for (VersionedDocument stored :
          session.ledger().list(consumer.partition(), RegistryKeys.holds(name.product()))) {
        addHold(erasure, consumer.domain(), HoldEntry.of(stored), now, obstacles);
      }
      for (VersionedDocument stored :
          session.ledger().list(consumer.partition(), RegistryKeys.positions(name.product()))) {
        PositionEntry position = PositionEntry.of(stored);
        OptionalLong own = position.unreadAfter(name.major());
        OptionalLong moved =
            others.contains(position.place().major())
                ? mapping.requiredAfter(position, name.major())
                : OptionalLong.empty();
        Stream.of(own, moved)
            .flatMapToLong(OptionalLong::stream)
            .min()
            .ifPresent(
                after -> addPosition(erasure, consumer.domain(), position, after, obstacles));
      }
    }
  }

  private static void addHold(
      TableErasure erasure, String domain, HoldEntry hold, Instant now, List<Obstacle> obstacles) {
    long snapshot = Long.parseLong(hold.snapshotId());
    if (hold.major() == erasure.name().major()
        && hold.until().isAfter(now)
        && erasure.earlier().contains(snapshot)) {
      obstacles.add(
          new Obstacle(
              erasure.name(),
              Set.of(snapshot),
              true,
              "A read of "
                  + domain
                  + hold.subscription().map(subscription -> "/" + subscription).orElse("")
                  + " since "
                  + hold.from()
                  + " holds a snapshot until "
                  + hold.until()
                  + ".",
              "Wait until it ends, or call ignoreReaders(); run the erasure again with the"
                  + " same key."));
    }
  }

  private void addPosition(
      TableErasure erasure,
      String domain,
      PositionEntry position,
      long after,
      List<Obstacle> obstacles) {
    Table table = erasure.table();
    Instant horizon =
        session.runtime().clock().instant().minus(PollHorizon.of(session, erasure.name()));
    Set<Long> main = main(table);
    Set<Long> needed = new TreeSet<>();
    for (long id : erasure.earlier()) {
      Snapshot snapshot = table.snapshot(id);
      if (main.contains(id)
          && snapshot.sequenceNumber() > after
          && Instant.ofEpochMilli(snapshot.timestampMillis()).isAfter(horizon)) {
        needed.add(id);
      }
    }
    if (!needed.isEmpty()) {
      obstacles.add(
          new Obstacle(
              erasure.name(),
              needed,
              true,
              "Subscription "
                  + domain
                  + "/"
                  + position.name()
                  + " has not received "
                  + needed.size()
                  + (needed.size() == 1 ? " snapshot" : " snapshots")
                  + "; it is at this position since "
                  + position.at()
                  + ".",
              "Wait until it polled and acknowledged, or call ignoreReaders(), after which"
                  + " it gets the whole table; run the erasure again with the same key."));
    }
  }

  private void addMirrors(TableErasure erasure, List<Obstacle> obstacles) {
    List<String> mirrors = ReachableCatalogs.of(session).mirrors(session);
    if (mirrors.isEmpty()) {
      return;
    }
    Set<Long> shown = new TreeSet<>();
    MirrorHolds.of(session, mirrors)
        .snapshots(erasure.name().key())
        .forEach(id -> shown.add(Long.parseLong(id)));
    shown.retainAll(erasure.earlier());
    if (!shown.isEmpty()) {
      obstacles.add(
          new Obstacle(
              erasure.name(),
              shown,
              true,
              "A mirror shows a snapshot with the rows to engines.",
              "Run mirrors(), or call ignoreReaders(); run the erasure again with the same"
                  + " key."));
    }
  }

  /** Those that are waited for; the caller can decide not to wait for readers. */
  static List<Obstacle> blocking(List<Obstacle> all, boolean waiting) {
    return all.stream().filter(obstacle -> waiting || !obstacle.passable()).toList();
  }

  /** The snapshots that are needed. */
  static Set<Long> snapshots(List<Obstacle> obstacles) {
    Set<Long> needed = new HashSet<>();
    obstacles.forEach(obstacle -> needed.addAll(obstacle.snapshots()));
    return needed;
  }
}
