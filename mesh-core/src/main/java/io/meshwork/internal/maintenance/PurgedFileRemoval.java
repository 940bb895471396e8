package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.PurgedTable;
import io.meshwork.operation.Plan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Deletes what an interrupted purge left of a table, and then the document that names it. */
record PurgedFileRemoval(ClientSession session, MeshInventory inventory, PurgedTable table)
    implements MaintenanceTask, Ledger.Change<Boolean> {
  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      for (String product : inventory.tables().keySet()) {
        queue.inspect(
            product,
            () ->
                PurgedTable.list(session.ledger(), product)
                    .forEach(table -> queue.add(new PurgedFileRemoval(session, inventory, table))));
      }
    };
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "remove files of",
        table.pointer().toString(),
        "files of a major version whose data was deleted",
        "cannot be undone; no readable row is lost");
  }

  @Override
  public String basis() {
    return table.metadata();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    PurgedTable.delete(
        table.files(session.tables(), session.ledger(), inventory.foreign()::contains),
        files -> {
          Map<String, Long> unknownLengths = new LinkedHashMap<>();
          files.forEach(file -> unknownLengths.put(file, 0L));
          return FileRemoval.run(session, partition(), unknownLengths, tally, deadline);
        });
    if (!session.files().newInputFile(table.metadata()).exists()) {
      session.ledger().commit(this, deadline);
    }
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.REMOVE, "files of " + table.pointer());
  }

  @Override
  public String partition() {
    return table.stored().key().partition();
  }

  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    Optional<VersionedDocument> now = session.ledger().read(table.stored().key());
    if (now.isEmpty()) {
      return CommitDraft.unchanged(false);
    }
    return CommitDraft.<Boolean>unlogged().delete(now.get()).result(true);
  }
}
