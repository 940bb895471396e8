package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.leftovers.BackFillTables;
import io.meshwork.internal.leftovers.FileReachability;
import io.meshwork.internal.leftovers.MaintenanceLimits;
import io.meshwork.internal.leftovers.RetiredTables;
import io.meshwork.internal.leftovers.TableLeftovers;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.text.Count;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Expires snapshots of one table in one commit, then deletes the files that only they referenced,
 * except files outside the table's folder, which the table does not own. If the process ends in
 * between, the next maintenance finds these files as orphans.
 */
final class SnapshotExpiration implements MaintenanceTask {
  private final ClientSession session;
  private final MeshInventory inventory;
  private final TableName name;
  private final MaintenanceLimits limits;
  private final Set<Long> snapshots;

  SnapshotExpiration(
      ClientSession session,
      MeshInventory inventory,
      TableName name,
      MaintenanceLimits limits,
      Set<Long> snapshots) {
    this.session = session;
    this.inventory = inventory;
    this.name = name;
    this.limits = limits;
    this.snapshots = new TreeSet<>(snapshots);
  }

  /** Finds tables with snapshots to expire. */
  static MaintenanceTask.Finder finder(ClientSession session, MaintenanceLimits limits) {
    return (inventory, queue) -> {
      for (TableName name : inventory.allTables()) {
        queue.inspect(
            name.toString(),
            () -> {
              Table table = session.tables().load(name);
              if (BackFillTables.isRecord(session, name, table)) {
                return;
              }
              Set<Long> expired =
                  new SnapshotRetention(session, name, limits, inventory.holds()).expired(table);
              if (!expired.isEmpty()
                  && !RetiredTables.isRetained(session, name)
                  && !TableLeftovers.isRegistryBehind(session, name, inventory.folder())) {
                queue.add(new SnapshotExpiration(session, inventory, name, limits, expired));
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
        Count.of(snapshots.size(), "snapshot past its", "snapshots past their") + " retention",
        "cannot be undone: the snapshots can no longer be read or rolled back to");
  }

  @Override
  public String basis() {
    return snapshots.toString();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    PinnedTable before = session.tables().pin(name.key()).orElse(null);
    if (before == null) {
      return;
    }
    FileReachability reachableBefore = reachability(Optional.of(before), null);
    TableFiles filesBefore = reachableBefore.files();
    if (filesBefore == null || !reachableBefore.uncertainty().isEmpty()) {
      tally.skip(uncertain(reachableBefore.uncertainty()));
      return;
    }
    Set<Long> expired = session.ledger().commit(new Expiration(), deadline);
    if (expired.isEmpty()) {
      return;
    }
    tally.add(name.partition(), Work.SNAPSHOTS_EXPIRED, expired.size());
    Optional<PinnedTable> after = session.tables().pin(name.key());
    FileReachability reachable = reachability(after, filesBefore);
    inventory.foreign().add(name.key(), after, reachable.files());
    if (!reachable.uncertainty().isEmpty()) {
      tally.skip(uncertain(reachable.uncertainty()));
      return;
    }
    Map<String, Long> unreferenced = new LinkedHashMap<>();
    for (Map<String, Long> files : List.of(filesBefore.content(), filesBefore.manifests())) {
      files.forEach(
          (file, length) -> {
            if (!filesBefore.isOutside(file)
                && !reachable.references(file)
                && !inventory.foreign().contains(file)) {
              unreferenced.put(file, length);
            }
          });
    }
    FileRemoval.run(session, name.partition(), unreferenced, tally, deadline);
  }

  private FileReachability reachability(Optional<PinnedTable> table, @Nullable TableFiles earlier) {
    return FileReachability.of(session.tables(), table, earlier);
  }

  private Finding uncertain(String what) {
    return new Finding(
        FindingCode.REFERENCES_UNCERTAIN,
        Severity.ERROR,
        name.toString(),
        what,
        0,
        List.of(),
        MaintenanceQueue.RUN_DOCTOR);
  }

  private final class Expiration implements Ledger.Change<Set<Long>> {
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
      Set<Long> unchanged =
          new TreeSet<>(
              new SnapshotRetention(session, name, limits, inventory.holds())
                  .expired(table.committed()));
      unchanged.retainAll(snapshots);
      if (unchanged.isEmpty()) {
        return CommitDraft.unchanged(Set.of());
      }
      CommitDraft<Set<Long>> draft =
          CommitDraft.of(
              "product.snapshots-expired",
              session.principal(),
              MeshInventory.displayName(session, name.product()));
      table.removeSnapshots(unchanged).stage(draft);
      return draft
          .details(new EventDetails.ExpiredSnapshots(name.table(), name.major(), unchanged.size()))
          .result(Set.copyOf(unchanged));
    }
  }
}
