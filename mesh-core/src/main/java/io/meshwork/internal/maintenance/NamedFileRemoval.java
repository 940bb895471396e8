package io.meshwork.internal.maintenance;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.FileOrigin.Writer;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry.Key;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.io.FileInfo;

/** Deletes one file that a person named, and that nothing needs. */
record NamedFileRemoval(ClientSession session, MeshInventory inventory, Key table, FileInfo file)
    implements MaintenanceTask {
  private static final MeshAction ACTION = MeshAction.of(Verb.MAINTAIN, "the mesh");

  /**
   * Finds a file.
   *
   * @throws InvalidRequestException if it is not in the folder of a table, or something needs it
   */
  static NamedFileRemoval find(ClientSession session, MeshInventory inventory, String location) {
    for (Key table : inventory.folder().tables()) {
      FileInfo file = inventory.folder().files(table).get(location);
      if (file != null) {
        NamedFileRemoval removal = new NamedFileRemoval(session, inventory, table, file);
        removal.requireUnused();
        return removal;
      }
    }
    throw refused(location, "it is not a file in the folder of a table of this mesh");
  }

  private static InvalidRequestException refused(String location, String reason) {
    return Failure.of(ACTION)
        .because("deleting(..) names " + location + ", but " + reason)
        .state("Nothing was deleted.")
        .fix("Name only files that doctor() lists as UNKNOWN_FILES.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  private OrphanFile requireUnused() {
    String location = file.location();
    Optional<PinnedTable> pinned = session.tables().pin(table);
    FileReachability references = FileReachability.of(session.tables(), pinned, null);
    TableLeftovers leftovers =
        new TableLeftovers(session, table, pinned, references, inventory.foreign());
    leftovers
        .doubt(Set.of())
        .filter(doubt -> doubt.code().equals(Optional.of(FindingCode.REFERENCES_UNCERTAIN)))
        .ifPresent(
            doubt -> {
              throw refused(location, "what its table needs is not certain: " + doubt.reason());
            });
    OrphanFile orphan = leftovers.parse(file);
    leftovers
        .refusal(orphan)
        .ifPresent(
            reason -> {
              throw refused(location, reason);
            });
    if (inventory.holds().names(location)) {
      throw refused(location, "a mirror needs it");
    }
    return orphan;
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "delete",
        file.location(),
        "a file of " + file.size() + " bytes that no snapshot references, as named",
        "cannot be undone");
  }

  @Override
  public String basis() {
    return file.location();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    OrphanFile orphan = OrphanFile.of(file, session.tables().folders(table));
    if (orphan.writer() == Writer.PUBLISH) {
      AttemptFences.add(session, table, Set.of(orphan.id()), deadline);
    } else if (orphan.writer() == Writer.ATTEMPT
        && !session.ledger().settle(table.partition(), orphan.id())) {
      return;
    }
    requireUnused();
    FileRemoval.run(
        session, table.partition(), Map.of(file.location(), file.size()), tally, deadline);
  }
}
