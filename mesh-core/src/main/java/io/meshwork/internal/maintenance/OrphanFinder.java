package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.leftovers.FileReachability;
import io.meshwork.internal.leftovers.MaintenanceLimits;
import io.meshwork.internal.leftovers.OrphanFile;
import io.meshwork.internal.leftovers.RetiredTables;
import io.meshwork.internal.leftovers.TableLeftovers;
import io.meshwork.internal.leftovers.TableLeftovers.Verdict;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.text.Count;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.io.FileInfo;

/**
 * Finds the files that {@link TableLeftovers} decides may be deleted. Skips a table if its
 * references are uncertain.
 */
public final class OrphanFinder implements MaintenanceTask.Finder {
  private static final long DIVISOR = 10;

  private final ClientSession session;
  private final MaintenanceLimits limits;

  public OrphanFinder(ClientSession session, MaintenanceLimits limits) {
    this.session = session;
    this.limits = limits;
  }

  @Override
  public void find(MeshInventory inventory, MaintenanceQueue queue) {
    for (Key table : inventory.folder().tables()) {
      queue.inspect(TableName.format(table), () -> find(table, inventory, queue));
    }
  }

  private void find(Key table, MeshInventory inventory, MaintenanceQueue queue) {
    Map<String, FileInfo> listed = inventory.folder().files(table);
    Optional<PinnedTable> pinned = session.tables().pin(table);
    boolean lacking = pinned.isEmpty() && !RetiredTables.isPurged(session, table);
    if (lacking && TableLeftovers.isMissing(session, table, inventory.folder())) {
      queue.skip(
          skipped(
              FindingCode.TABLE_MISSING,
              table,
              "Its folder or that of another table of the product contains rows, but the registry"
                  + " has no pointer to this table, so its files were not changed.",
              "Restore the registry from a backup."));
      return;
    }
    FileReachability references = FileReachability.of(session.tables(), pinned, null);
    inventory.foreign().add(table, pinned, references.files());
    TableLeftovers leftovers =
        new TableLeftovers(session, table, pinned, references, inventory.foreign());
    Optional<TableLeftovers.Doubt> doubt = leftovers.doubt(listed.values());
    if (doubt.isPresent()) {
      doubt
          .get()
          .code()
          .ifPresent(
              code ->
                  queue.skip(
                      skipped(code, table, doubt.get().reason(), MaintenanceQueue.RUN_DOCTOR)));
      return;
    }
    List<OrphanFile> orphans = new ArrayList<>();
    long total = 0;
    for (FileInfo file : listed.values()) {
      total += file.size();
      OrphanFile orphan = leftovers.parse(file);
      if (leftovers.verdict(orphan) == Verdict.REMOVABLE
          && !inventory.holds().names(file.location())) {
        orphans.add(orphan);
      }
    }
    if (orphans.isEmpty() || isRetained(table)) {
      return;
    }
    long bytes =
        orphans.stream()
            .filter(orphan -> !orphan.isMetadataFile())
            .mapToLong(orphan -> orphan.file().size())
            .sum();
    if (bytes > Math.max(total / DIVISOR, limits.expectedBytes())) {
      queue.skip(
          skipped(
              FindingCode.TOO_MANY_LEFTOVERS,
              table,
              Count.of(orphans.size(), "file")
                  + " of "
                  + bytes
                  + (orphans.size() == 1 ? " bytes belongs" : " bytes belong")
                  + " to no retained snapshot. That is more than a tenth of the"
                  + " table's "
                  + total
                  + " bytes and more than "
                  + limits.expectedBytes()
                  + " bytes, so nothing was removed.",
              "If the registry was not restored from an old backup, run maintenance with"
                  + " expectLeftovers("
                  + bytes
                  + ")."));
      return;
    }
    orphans.sort(Comparator.comparing(orphan -> orphan.file().location()));
    queue.add(
        new OrphanRemoval(
            session,
            inventory,
            table,
            pinned.map(PinnedTable::version),
            references,
            List.copyOf(orphans)));
  }

  private boolean isRetained(Key table) {
    return TableName.at(table).filter(name -> RetiredTables.isRetained(session, name)).isPresent();
  }

  private static Finding skipped(FindingCode code, Key table, String what, String fix) {
    return new Finding(code, Severity.ERROR, TableName.format(table), what, 0, List.of(), fix);
  }
}
