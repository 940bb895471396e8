package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The transaction of a compaction: the table's pointer and the log entry. Runs with a file that is
 * no longer live are left out; if no run remains, nothing is committed.
 */
public final class CompactionChange
    implements Ledger.Change<List<TableCompaction.FileReplacement>> {
  /** The mode, which compactions of engines have too. */
  private static final String MODE = "compaction";

  private final ClientSession session;
  private final TableName name;
  private final String id;
  private final Table base;
  private final List<TableCompaction.FileReplacement> merged;

  /**
   * Creates the change.
   *
   * @param id the ID in the names of the new files
   * @param base the table when the files were written
   */
  CompactionChange(
      ClientSession session,
      TableName name,
      String id,
      Table base,
      List<TableCompaction.FileReplacement> merged) {
    this.session = session;
    this.name = name;
    this.id = id;
    this.base = base;
    this.merged = merged;
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.COMPACT, name);
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
  public CommitDraft<List<TableCompaction.FileReplacement>> draft(Ledger.Attempt attempt) {
    TableDraft draft = session.tables().draft(name, attempt);
    Snapshot before = draft.table().currentSnapshot();
    if (before == null || !hasSameLayout(draft.table())) {
      return CommitDraft.unchanged(List.of());
    }
    Map<String, DataFile> live = new LinkedHashMap<>();
    SnapshotFiles.of(draft.table(), before).forEach(file -> live.put(file.location(), file));
    List<TableCompaction.FileReplacement> unchanged =
        merged.stream().filter(run -> live.keySet().containsAll(run.before())).toList();
    if (unchanged.isEmpty()) {
      return CommitDraft.unchanged(List.of());
    }
    List<DataFile> outgoing = new ArrayList<>();
    List<DataFileEntry> incoming = new ArrayList<>();
    for (TableCompaction.FileReplacement run : unchanged) {
      run.before().forEach(location -> outgoing.add(live.get(location)));
      incoming.addAll(run.after());
    }
    draft.rewrite(outgoing, incoming, summary(before, id));
    CommitDraft<List<TableCompaction.FileReplacement>> change =
        CommitDraft.of(
            "product.compacted",
            session.principal(),
            MeshInventory.displayName(session, name.product()));
    draft.stage(change);
    addLogEntry(change, name, id, draft.table(), outgoing.size(), incoming.size());
    return change.result(unchanged);
  }

  /** Returns true if the table has the schema and partition spec for which files were written. */
  private boolean hasSameLayout(Table now) {
    return now.schema().schemaId() == base.schema().schemaId()
        && now.spec().specId() == base.spec().specId();
  }

  /** The properties of a snapshot with the same rows. */
  public static Map<String, String> summary(Snapshot before, String id) {
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put(TableSnapshots.MODE, MODE);
    summary.put(TableSnapshots.PUBLISH_ID, id);
    for (String property : List.of(TableSnapshots.PRODUCT, TableSnapshots.CONTRACT_VERSION)) {
      String value = before.summary().get(property);
      if (value != null) {
        summary.put(property, value);
      }
    }
    return summary;
  }

  /** Adds the log entry; the snapshots of quarantines are not in the log. */
  public static void addLogEntry(
      CommitDraft<?> change, TableName name, String id, Table now, int outgoing, int incoming) {
    EventDetails.QuarantineCompaction rewritten =
        new EventDetails.QuarantineCompaction(
            id, name.table(), name.major(), MODE, outgoing, incoming);
    if (name.quarantine()) {
      change.details(rewritten);
      return;
    }
    Snapshot snapshot = now.currentSnapshot();
    String contract = snapshot.summary().get(TableSnapshots.CONTRACT_VERSION);
    change.details(
        new EventDetails.RowCompaction(
            rewritten,
            contract == null ? name.major() + ".0.0" : contract,
            new EventDetails.NewSnapshot(
                Long.toString(snapshot.snapshotId()),
                snapshot.sequenceNumber(),
                TableSnapshots.rows(snapshot)),
            0));
  }
}
