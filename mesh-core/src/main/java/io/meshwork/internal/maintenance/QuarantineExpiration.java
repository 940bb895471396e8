package io.meshwork.internal.maintenance;

import io.meshwork.error.ConflictException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ingest.write.RowRemoval;
import io.meshwork.internal.ingest.write.RowSelection;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.leftovers.TableLeftovers;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.FileOrigin;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.text.Count;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the rows of one quarantine that are past their retention, except rows that a rollout
 * needs to know which rejected rows its owner accepted. Files that a concurrent commit changes are
 * left to the next maintenance.
 */
final class QuarantineExpiration implements MaintenanceTask {
  private static final Logger LOG = LoggerFactory.getLogger(QuarantineExpiration.class);

  private final ClientSession session;
  private final TableName name;
  private final Instant until;
  private final RowPredicate expired;
  private final List<String> files;
  private final MeshAction action;

  private QuarantineExpiration(
      ClientSession session,
      TableName name,
      Instant until,
      RowPredicate expired,
      List<String> files) {
    this.session = session;
    this.name = name;
    this.until = until;
    this.expired = expired;
    this.files = List.copyOf(files);
    this.action = MeshAction.of(Verb.CLEAR, name);
  }

  /** Finds quarantines with rows past this retention. */
  static MaintenanceTask.Finder finder(ClientSession session, Duration retention) {
    return (inventory, queue) -> {
      Instant until =
          session.runtime().clock().instant().minus(retention).truncatedTo(ChronoUnit.MICROS);
      for (TableName name : inventory.allTables()) {
        if (name.quarantine()) {
          queue.inspect(
              name.toString(),
              () -> {
                if (!TableLeftovers.isRegistryBehind(session, name, inventory.folder())) {
                  find(session, name, until, queue);
                }
              });
        }
      }
    };
  }

  private static void find(
      ClientSession session, TableName name, Instant until, MaintenanceQueue queue) {
    Table table = session.tables().load(name);
    Snapshot newest = table.currentSnapshot();
    if (newest == null) {
      return;
    }
    RowPredicate old = expired(table, until, false);
    List<String> files =
        SnapshotFiles.of(table, newest).stream()
            .filter(old::mayMatch)
            .map(DataFile::location)
            .toList();
    if (files.isEmpty()) {
      return;
    }
    boolean needed = isNeededByRollout(session, name);
    if (needed) { // a file that a back-fill wrote has copies only
      files = files.stream().filter(file -> FileOrigin.copiedKey(file).isEmpty()).toList();
    }
    RowPredicate expired = needed ? expired(table, until, true) : old;
    if (!files.isEmpty()) {
      queue.add(new QuarantineExpiration(session, name, until, expired, files));
    }
  }

  /** True if rejected rows of the history are accepted until the rollout to the version ends. */
  private static boolean isNeededByRollout(ClientSession session, TableName name) {
    return session.ledger().list(name.partition(), RegistryKeys.ROLLOUTS).stream()
        .map(RolloutEntry::of)
        .anyMatch(
            rollout ->
                !rollout.state().isEnded()
                    && rollout.leadsTo(name.major())
                    && rollout.rejectedRows() > 0);
  }

  private static RowPredicate expired(Table table, Instant until, boolean exceptCopies) {
    String time = until.toString().replace('T', ' ');
    return RowPredicate.parse(
        QuarantineTable.QUARANTINED_AT
            + " < TIMESTAMP '"
            + time
            + "'"
            + (exceptCopies
                ? " AND " + QuarantineTable.PUBLISH + " NOT LIKE '" + FileOrigin.COPY_IDS + "'"
                : ""),
        table.schema());
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "clear",
        name.toString(),
        "rows that were quarantined before "
            + until
            + " in "
            + Count.of(files.size(), "file is", "files are")
            + " deleted",
        "cannot be undone");
  }

  @Override
  public String basis() {
    return String.join("\t", files);
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    String id = session.runtime().ids().next();
    Table table = session.tables().load(name);
    RowRemoval removal =
        new RowRemoval(table, session.files(), id, RowSelection.of(expired), deadline, action);
    Set<String> used = new HashSet<>();
    try {
      Map<String, RowRemoval.Result> remainders = new HashMap<>();
      Snapshot newest = table.currentSnapshot();
      if (newest != null) {
        SnapshotFiles.of(table, newest)
            .forEach(file -> remainders.put(file.location(), removal.removeFrom(file)));
      }
      remainders.values().removeIf(remainder -> remainder.rowsRemoved() == 0);
      ExpiredRows removed = session.ledger().commit(new Change(id, remainders), deadline);
      if (removed.rows() == 0) {
        removal.discardAllBut(Set.of());
        return;
      }
      used.addAll(removed.files());
      tally.add(name.partition(), Work.QUARANTINED_ROWS_REMOVED, removed.rows());
    } catch (OutcomeUnknownException | Error e) {
      // Uncommitted files are found as orphans.
      throw e;
    } catch (ConflictException e) {
      removal.discardAllBut(Set.of());
      LOG.debug("{} was skipped: {}", action, e.getMessage());
      return;
    } catch (RuntimeException e) {
      removal.discardAllBut(Set.of());
      throw e;
    }
    removal.discardAllBut(used);
  }

  /**
   * The result of the commit.
   *
   * @param files the files that were written for it
   */
  private record ExpiredRows(long rows, Set<String> files) {}

  private final class Change implements Ledger.Change<ExpiredRows> {
    private final String id;
    private final Map<String, RowRemoval.Result> remainders;

    Change(String id, Map<String, RowRemoval.Result> remainders) {
      this.id = id;
      this.remainders = remainders;
    }

    @Override
    public MeshAction action() {
      return action;
    }

    @Override
    public String partition() {
      return name.partition();
    }

    @Override
    public Set<Key> fences() {
      return Set.of(RegistryKeys.fence(name.partition(), id));
    }

    @Override
    public CommitDraft<ExpiredRows> draft(Ledger.Attempt attempt) {
      TableDraft draft = session.tables().draft(name, attempt);
      Snapshot before = draft.table().currentSnapshot();
      List<DataFile> outgoing = new ArrayList<>();
      List<DataFile> incoming = new ArrayList<>();
      Set<String> written = new HashSet<>();
      long rows = 0;
      for (DataFile file :
          before == null ? List.<DataFile>of() : SnapshotFiles.of(draft.table(), before)) {
        RowRemoval.Result remainder = remainders.get(file.location());
        if (remainder != null) {
          outgoing.add(file);
          rows += remainder.rowsRemoved();
          for (DataFileEntry entry : remainder.files()) {
            incoming.add(entry.toDataFile(draft.table().spec()));
            written.add(entry.location());
          }
        }
      }
      if (outgoing.isEmpty()) {
        return CommitDraft.unchanged(new ExpiredRows(0, Set.of()));
      }
      draft.replace(
          outgoing,
          incoming,
          Map.of(TableSnapshots.MODE, "erase-quarantine", TableSnapshots.PUBLISH_ID, id));
      CommitDraft<ExpiredRows> change =
          CommitDraft.of(
              "quarantine.erased",
              session.principal(),
              MeshInventory.displayName(session, name.product()));
      draft.stage(change);
      return change
          .details(
              new EventDetails.QuarantineErasure(
                  id, name.major(), rows, Optional.empty(), Optional.empty()))
          .result(new ExpiredRows(rows, written));
    }
  }
}
