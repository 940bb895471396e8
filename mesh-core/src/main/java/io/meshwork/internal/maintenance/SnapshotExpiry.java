package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.PinnedTable;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Forgets snapshots of one table in one commit, then deletes the files that only they reached, but
 * those outside of the table's folder, which are not the table's. If it dies in between, these
 * files are left over and are found as such.
 */
final class SnapshotExpiry implements MaintenanceTask {
  private final ClientSession session;
  private final MeshInventory inventory;
  private final TableName name;
  private final MaintenanceLimits limits;
  private final Set<Long> due;

  SnapshotExpiry(
      ClientSession session,
      MeshInventory inventory,
      TableName name,
      MaintenanceLimits limits,
      Set<Long> due) {
    this.session = session;
    this.inventory = inventory;
    this.name = name;
    this.limits = limits;
    this.due = new TreeSet<>(due);
  }

  /** Finds tables with snapshots that can go. */
  static MaintenanceTask.Finder finder(ClientSession session, MaintenanceLimits limits) {
    return (inventory, due) -> {
      for (TableName name : inventory.allTables()) {
        due.inspect(
            name.toString(),
            () -> {
              Set<Long> expired =
                  new SnapshotRetention(session, name, limits).expired(session.tables().load(name));
              if (!expired.isEmpty()) {
                due.add(new SnapshotExpiry(session, inventory, name, limits, expired));
              }
            });
      }
    };
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "expire",
        name.toString(),
        due.size() + " snapshots that nobody may ask for any more",
        "cannot be undone: rollbacks and reads as of then end with the snapshots");
  }

  @Override
  public String basis() {
    return due.toString();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    PinnedTable before = session.tables().pin(name.key()).orElse(null);
    if (before == null) {
      return;
    }
    FileReachability reachedBefore = reach(Optional.of(before));
    TableFiles had = reachedBefore.files();
    if (had == null || !reachedBefore.doubts().isEmpty()) {
      tally.leave(uncertain(reachedBefore.doubts()));
      return;
    }
    Set<Long> gone = session.ledger().commit(new Forgetting(), deadline);
    if (gone.isEmpty()) {
      return;
    }
    tally.add(name.partition(), Work.SNAPSHOTS_EXPIRED, gone.size());
    FileReachability reached = reach(session.tables().pin(name.key()));
    if (!reached.doubts().isEmpty()) {
      tally.leave(uncertain(reached.doubts()));
      return;
    }
    Map<String, Long> unreached = new LinkedHashMap<>();
    for (Map<String, Long> files : List.of(had.content(), had.manifests())) {
      files.forEach(
          (file, length) -> {
            if (!had.isOutside(file)
                && !reached.reaches(file)
                && !inventory.foreign().reaches(file)) {
              unreached.put(file, length);
            }
          });
    }
    FileRemoval.run(session, name.partition(), unreached, tally, deadline);
  }

  private FileReachability reach(Optional<PinnedTable> table) {
    return FileReachability.of(
        session.tables(), session.tables().folder(name.key()), table, Set.of());
  }

  private Finding uncertain(String doubts) {
    return new Finding(
        "UNCERTAIN", Severity.ERROR, name.toString(), doubts, 0, List.of(), MaintenanceQueue.LOOK);
  }

  private final class Forgetting implements Ledger.Change<Set<Long>> {
    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.EXPIRE, "snapshots of " + name);
    }

    @Override
    public String partition() {
      return name.partition();
    }

    @Override
    public CommitDraft<Set<Long>> draft(Ledger.Attempt attempt) {
      TableDraft table = session.tables().draft(name, attempt);
      Set<Long> still =
          new TreeSet<>(new SnapshotRetention(session, name, limits).expired(table.table()));
      still.retainAll(due);
      if (still.isEmpty()) {
        return CommitDraft.unchanged(Set.of());
      }
      CommitDraft<Set<Long>> draft =
          CommitDraft.of(
              "product.snapshots-expired",
              session.principal(),
              MeshInventory.written(session, name.product()));
      table.removeSnapshots(still).stage(draft);
      return draft
          .detail("table", name.table())
          .detail("major", name.major())
          .detail("snapshots", still.size())
          .result(Set.copyOf(still));
    }
  }
}
