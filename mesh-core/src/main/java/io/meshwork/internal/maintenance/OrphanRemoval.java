package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.maintenance.OrphanFile.Owner;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.PinnedTable;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry.Key;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Deletes files that nobody needs. First their publishes are fenced and their attempts settled, so
 * that none of them can be committed any more; then the table is read once more, for what was
 * committed before that; and then they go.
 */
final class OrphanRemoval implements MaintenanceTask {
  private final ClientSession session;
  private final MeshInventory inventory;
  private final Key table;
  private final List<OrphanFile> orphans;

  OrphanRemoval(
      ClientSession session, MeshInventory inventory, Key table, List<OrphanFile> orphans) {
    this.inventory = inventory;
    this.session = session;
    this.table = table;
    this.orphans = orphans;
  }

  @Override
  public Plan.Step step() {
    long bytes = orphans.stream().mapToLong(orphan -> orphan.file().size()).sum();
    return new Plan.Step(
        "remove leftovers of",
        table.toString(),
        orphans.size()
            + " files of "
            + bytes
            + " bytes that no snapshot reaches, the first of them "
            + orphans.get(0).file().location(),
        "cannot be undone, and takes nothing that can be read");
  }

  @Override
  public String basis() {
    return orphans.stream()
        .map(orphan -> orphan.file().location())
        .collect(Collectors.joining("\t"));
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    AttemptFences.raise(session, table, ids(Owner.PUBLISH), deadline);
    Set<String> unsettled = new HashSet<>();
    for (String attempt : ids(Owner.ATTEMPT)) {
      deadline.check(MeshAction.of(Verb.RESOLVE, "unfinished publishes to " + table));
      if (!session.ledger().settle(table.partition(), attempt)) {
        unsettled.add(attempt);
      }
    }
    // Only now nothing of it can come to be needed, so what is needed is read only now.
    Optional<PinnedTable> now = session.tables().pin(table);
    FileReachability reach =
        FileReachability.of(session.tables(), session.tables().folder(table), now, Set.of());
    if (!reach.doubts().isEmpty()) {
      return;
    }
    FileRemoval.run(
        session,
        table.partition(),
        orphans.stream()
            .filter(orphan -> !unsettled.contains(orphan.id()))
            .filter(orphan -> !reach.reaches(orphan.file().location()))
            .filter(orphan -> !inventory.foreign().reaches(orphan.file().location()))
            .collect(
                Collectors.toMap(
                    orphan -> orphan.file().location(), orphan -> orphan.file().size())),
        tally,
        deadline);
  }

  private Set<String> ids(Owner owner) {
    return orphans.stream()
        .filter(orphan -> orphan.owner() == owner)
        .map(OrphanFile::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
