package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ingest.write.UncommittedFiles;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.leftovers.RetiredTables;
import io.meshwork.internal.leftovers.TableLeftovers;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.StagedFiles.StagedFile;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.text.Count;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Table;

/**
 * Ends one staged publish past its retention, and deletes its files. If it stops in between, the
 * files belong to no staged publish, and are removed as leftovers.
 */
final class StagedExpiration implements MaintenanceTask {
  private final ClientSession session;
  private final TableName table;
  private final StagedFiles staged;

  private StagedExpiration(ClientSession session, TableName table, StagedFiles staged) {
    this.session = session;
    this.table = table;
    this.staged = staged;
  }

  /** Finds staged publishes past this retention, or of a major version whose data was deleted. */
  static MaintenanceTask.Finder finder(ClientSession session, Duration retention) {
    return (inventory, queue) -> {
      Instant until = session.runtime().clock().instant().minus(retention);
      for (String product : inventory.tables().keySet()) {
        queue.inspect(
            product,
            () ->
                StagedFiles.list(session.ledger(), product).stream()
                    .filter(
                        staged ->
                            !staged.stagedAt().isAfter(until)
                                || RetiredTables.isPurged(
                                    session, of(session, product, staged).table.key()))
                    .map(staged -> of(session, product, staged))
                    .filter(staged -> !isRegistryBehind(session, inventory, staged.quarantine()))
                    .forEach(queue::add));
        queue.inspect(product, () -> findErased(session, product, inventory, queue));
      }
    };
  }

  /** Finds files of erased rows that a terminated process did not delete. */
  private static void findErased(
      ClientSession session, String product, MeshInventory inventory, MaintenanceQueue queue) {
    for (StagedFiles staged : StagedFiles.list(session.ledger(), product)) {
      TableName quarantine = of(session, product, staged).quarantine();
      Optional<Table> folder =
          staged.erasedFiles().isEmpty() || isRegistryBehind(session, inventory, quarantine)
              ? Optional.empty()
              : session.tables().find(quarantine);
      for (StagedFile file : staged.erasedFiles()) {
        folder
            .map(table -> List.of(StagedFiles.location(file, table)))
            .map(session.tables()::withoutLinks)
            .stream()
            .flatMap(List::stream)
            .filter(location -> session.files().newInputFile(location).exists())
            .forEach(
                location -> queue.add(new ErasedFileRemoval(session, quarantine, file, location)));
      }
    }
  }

  /** A newer registry may have rows of this table that are promoted later. */
  private static boolean isRegistryBehind(
      ClientSession session, MeshInventory inventory, TableName table) {
    return TableLeftovers.isRegistryBehind(session, table, inventory.folder());
  }

  /** The table in whose folder the files are. */
  private TableName quarantine() {
    return table.quarantined();
  }

  private static StagedExpiration of(ClientSession session, String product, StagedFiles staged) {
    return new StagedExpiration(
        session, TableName.of(ProductName.of(product), staged.major()), staged);
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "discard",
        table.toString(),
        "rows that were staged at "
            + staged.stagedAt()
            + " in "
            + Count.of(staged.files().count(), "file is", "files are")
            + " deleted",
        "cannot be undone; they were never published");
  }

  @Override
  public String basis() {
    return staged.publishId();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    if (!session.ledger().commit(new Change(), deadline)) {
      return;
    }
    tally.add(table.partition(), Work.STAGED_PUBLISHES_EXPIRED, 1);
    if (session.tables().version(quarantine().key()).isPresent()) {
      Table quarantine = session.tables().load(quarantine());
      List<String> locations = session.tables().withoutLinks(staged.locations(quarantine));
      UncommittedFiles.delete(session.files(), locations);
      tally.add(table.partition(), Work.FILES_REMOVED, locations.size());
      tally.add(
          table.partition(),
          Work.BYTES_FREED,
          staged
              .files()
              .filter(file -> locations.contains(StagedFiles.location(file, quarantine)))
              .mapToLong(StagedFile::bytes)
              .sum());
    }
  }

  /** The transaction; returns false if the staged publish ended in the meantime. */
  private final class Change implements Ledger.Change<Boolean> {
    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.DISCARD, "staged rows of " + table);
    }

    @Override
    public String partition() {
      return table.partition();
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      Optional<VersionedDocument> now =
          session
              .ledger()
              .read(staged.stored().key())
              .filter(stored -> StagedFiles.of(stored).publishId().equals(staged.publishId()));
      if (now.isEmpty()) {
        return CommitDraft.unchanged(false);
      }
      return CommitDraft.<Boolean>of(
              MeshEvent.Type.PRODUCT_UNSTAGED.text(),
              session.principal(),
              MeshInventory.displayName(session, table.product()))
          .delete(now.get())
          .details(new EventDetails.UnstagedRows(staged.publishId(), staged.major(), "expired"))
          .result(true);
    }
  }
}
