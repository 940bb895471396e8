package io.meshwork.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.PinnedTable;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.io.FileInfo;

/**
 * Finds files that no retained snapshot reaches and whose writers can be taken for dead. Leaves a
 * table alone as soon as anything about it is not certain.
 */
final class OrphanFinder implements Chore.Finder {
  private static final long SHARE = 10;

  private final Session session;
  private final UpkeepLimits limits;

  OrphanFinder(Session session, UpkeepLimits limits) {
    this.session = session;
    this.limits = limits;
  }

  @Override
  public void find(Inventory inventory, Due due) {
    Instant now = session.runtime().clock().instant();
    for (Key table : inventory.folder().tables()) {
      due.look(
          TableName.shown(table), () -> find(table, inventory.folder().files(table), now, due));
    }
  }

  private void find(Key table, Map<String, FileInfo> listed, Instant now, Due due) {
    Optional<PinnedTable> pinned = session.tables().pin(table);
    if (pinned.isEmpty() && DataFolder.holdsData(listed)) {
      due.leave(
          left(
              "TABLE_MISSING",
              table,
              "Its folder holds rows, and the registry has no pointer to such a table, so its files"
                  + " were not touched.",
              "Restore the registry from a backup."));
      return;
    }
    Reach reach = Reach.of(session.tables().folder(table), pinned, listed.keySet());
    if (!reach.doubts().isEmpty()) {
      due.leave(left("UNCERTAIN", table, reach.doubts(), Due.LOOK));
      return;
    }
    List<Orphan> orphans = new ArrayList<>();
    long total = 0;
    for (FileInfo file : listed.values()) {
      total += file.size();
      if (!reach.reaches(file.location())) {
        Orphan orphan = Orphan.of(file);
        if (orphan.isAbandoned(now)) {
          orphans.add(orphan);
        }
      }
    }
    if (orphans.isEmpty()) {
      return;
    }
    long bytes = orphans.stream().mapToLong(orphan -> orphan.file().size()).sum();
    if (bytes > Math.max(total / SHARE, limits.expectedBytes())) {
      due.leave(
          left(
              "MUCH_LEFT",
              table,
              orphans.size()
                  + " files of "
                  + bytes
                  + " bytes belong to no retained snapshot. That is more than a tenth of the"
                  + " table's "
                  + total
                  + " bytes, and more than "
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
    due.add(new OrphanRemoval(session, table, List.copyOf(orphans)));
  }

  private static Finding left(String code, Key table, String what, String mend) {
    return new Finding(code, Severity.ERROR, TableName.shown(table), what, 0, List.of(), mend);
  }
}
