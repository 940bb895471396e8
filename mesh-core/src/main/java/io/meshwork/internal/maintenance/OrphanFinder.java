package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.io.FileInfo;

/**
 * Finds files that no retained snapshot references and whose writers can no longer be running.
 * Skips a table if its references are uncertain.
 */
final class OrphanFinder implements MaintenanceTask.Finder {
  private static final long DIVISOR = 10;

  private final ClientSession session;
  private final MaintenanceLimits limits;

  OrphanFinder(ClientSession session, MaintenanceLimits limits) {
    this.session = session;
    this.limits = limits;
  }

  @Override
  public void find(MeshInventory inventory, MaintenanceQueue queue) {
    Instant now = session.runtime().clock().instant();
    for (Key table : inventory.folder().tables()) {
      queue.inspect(TableName.format(table), () -> find(table, inventory, now, queue));
    }
  }

  private void find(Key table, MeshInventory inventory, Instant now, MaintenanceQueue queue) {
    Map<String, FileInfo> listed = inventory.folder().files(table);
    Optional<PinnedTable> pinned = session.tables().pin(table);
    if (pinned.isEmpty() && RetiredTables.isPurged(session, table)) {
      addPurged(table, inventory, listed, queue);
      return;
    }
    if (pinned.isEmpty() && DataFolder.containsData(listed)) {
      queue.skip(
          skipped(
              FindingCode.TABLE_MISSING,
              table,
              "Its folder contains rows, but the registry has no pointer to this table, so its files"
                  + " were not changed.",
              "Restore the registry from a backup."));
      return;
    }
    FileReachability reachability =
        FileReachability.of(session.tables(), pinned, listed.keySet(), null);
    inventory.foreign().add(table, pinned, reachability);
    if (!reachability.uncertainty().isEmpty()) {
      queue.skip(
          skipped(
              FindingCode.REFERENCES_UNCERTAIN,
              table,
              reachability.uncertainty(),
              MaintenanceQueue.RUN_DOCTOR));
      return;
    }
    List<OrphanFile> orphans = new ArrayList<>();
    long total = 0;
    for (FileInfo file : listed.values()) {
      total += file.size();
      if (!reachability.references(file.location()) && !inventory.holds().names(file.location())) {
        OrphanFile orphan = OrphanFile.of(file);
        if (orphan.isAbandoned(now)) {
          orphans.add(orphan);
        }
      }
    }
    if (!orphans.isEmpty()) {
      Set<String> staged = StagedFiles.names(session.ledger(), table.partition());
      orphans.removeIf(orphan -> StagedFiles.contains(staged, orphan.file().location()));
      orphans.removeIf(orphan -> inventory.foreign().contains(orphan.file().location()));
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
              orphans.size()
                  + " files of "
                  + bytes
                  + " bytes belong to no retained snapshot. That is more than a tenth of the"
                  + " table's "
                  + total
                  + " bytes and more than "
                  + limits.expectedBytes()
                  + " bytes, so nothing was removed.",
              "If the registry was not restored from an old backup, run maintenance with"
                  + " expectingLeftovers("
                  + bytes
                  + "), on the command line with --expect "
                  + bytes
                  + "."));
      return;
    }
    orphans.sort(Comparator.comparing(orphan -> orphan.file().location()));
    queue.add(
        new OrphanRemoval(
            session, inventory, table, pinned.map(PinnedTable::version), List.copyOf(orphans)));
  }

  private boolean isRetained(Key table) {
    return TableName.at(table).filter(name -> RetiredTables.isRetained(session, name)).isPresent();
  }

  private void addPurged(
      Key table, MeshInventory inventory, Map<String, FileInfo> listed, MaintenanceQueue queue) {
    if (!listed.isEmpty()) {
      Map<String, Long> files = new TreeMap<>();
      listed.values().forEach(file -> files.put(file.location(), file.size()));
      queue.add(new PurgedFileRemoval(session, inventory, table, files));
    }
  }

  private static Finding skipped(FindingCode code, Key table, String what, String fix) {
    return new Finding(code, Severity.ERROR, TableName.format(table), what, 0, List.of(), fix);
  }
}
