package io.meshwork.internal.maintenance;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.leftovers.AttemptFences;
import io.meshwork.internal.leftovers.FileReachability;
import io.meshwork.internal.leftovers.OrphanFile;
import io.meshwork.internal.leftovers.RetiredTables;
import io.meshwork.internal.leftovers.TableLeftovers;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.FileOrigin.Writer;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry.Key;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.io.FileInfo;

/** Deletes one file that a person named, and that nothing needs. */
record NamedFileRemoval(
    ClientSession session, MeshInventory inventory, Optional<Key> table, FileInfo file)
    implements MaintenanceTask {
  private static final MeshAction ACTION = MeshAction.of(Verb.MAINTAIN, "the mesh");

  /**
   * Finds a file.
   *
   * @throws InvalidRequestException if it is not in the folder of a table, or something needs it
   */
  static NamedFileRemoval find(ClientSession session, MeshInventory inventory, String location) {
    NamedFileRemoval removal =
        Stream.concat(
                inventory.folder().tables().stream()
                    .flatMap(table -> inTable(session, inventory, table, location).stream()),
                inventory.folder().loose().stream()
                    .filter(file -> file.location().equals(location))
                    .map(file -> new NamedFileRemoval(session, inventory, Optional.empty(), file)))
            .findFirst()
            .orElseThrow(() -> refused(location, "this mesh has no such file among its tables"));
    removal.requireUnused();
    return removal;
  }

  private static Optional<NamedFileRemoval> inTable(
      ClientSession session, MeshInventory inventory, Key table, String location) {
    return Optional.ofNullable(inventory.folder().files(table).get(location))
        .map(file -> new NamedFileRemoval(session, inventory, Optional.of(table), file));
  }

  private static InvalidRequestException refused(String location, String reason) {
    return Failure.of(ACTION)
        .because("delete(..) names " + location + ", but " + reason)
        .state("Nothing was deleted.")
        .fix("Name only files that doctor() lists as UNKNOWN_FILES.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  private void requireUnused() {
    String location = file.location();
    if (table.isPresent()) {
      requireUnusedBy(table.get());
    } else if (inventory.foreign().isInLinkedFolder(location)) {
      throw refused(location, "a table's folder is a link to its folder");
    } else if (inventory.foreign().needs(location)) {
      throw refused(location, "a retained snapshot references a file of its name");
    } else if (inventory.folder().roots().stream()
        .noneMatch(root -> session.tables().contains(root, location))) {
      throw refused(location, "it is behind a link to " + session.tables().target(location));
    }
    if (inventory.holds().names(location)) {
      throw refused(location, "a mirror needs it");
    }
  }

  private void requireUnusedBy(Key table) {
    String location = file.location();
    Optional<PinnedTable> pinned = session.tables().pin(table);
    FileReachability references = FileReachability.of(session.tables(), pinned, null);
    if (pinned.isEmpty()
        && !RetiredTables.isPurged(session, table)
        && TableLeftovers.isMissing(session, table, inventory.folder())) {
      throw refused(location, "the registry has no pointer to its table, which it may have lost");
    }
    TableLeftovers leftovers =
        new TableLeftovers(session, table, pinned, references, inventory.foreign());
    leftovers
        .doubt(Set.of())
        .filter(doubt -> doubt.code().equals(Optional.of(FindingCode.REFERENCES_UNCERTAIN)))
        .ifPresent(
            doubt -> {
              throw refused(location, "what its table needs is not certain: " + doubt.reason());
            });
    leftovers
        .refusal(leftovers.parse(file))
        .ifPresent(
            reason -> {
              throw refused(location, reason);
            });
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
    if (table.filter(key -> !isSettled(key, deadline)).isPresent()) {
      return;
    }
    requireUnused();
    FileRemoval.run(
        session,
        table.map(Key::partition).orElse(RegistryKeys.MESH),
        Map.of(file.location(), file.size()),
        tally,
        deadline);
  }

  /** Returns true once the process that wrote the file can no longer commit it. */
  private boolean isSettled(Key table, Deadline deadline) {
    OrphanFile orphan = OrphanFile.of(file, session.tables().folders(table));
    if (orphan.writer() == Writer.PUBLISH) {
      AttemptFences.add(session, table, Set.of(orphan.id()), deadline);
    }
    return orphan.writer() != Writer.ATTEMPT
        || session.ledger().settle(table.partition(), orphan.id());
  }
}
