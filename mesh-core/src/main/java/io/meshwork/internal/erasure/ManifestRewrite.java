package io.meshwork.internal.erasure;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.maintenance.CompactionChange;
import io.meshwork.internal.maintenance.MeshInventory;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.util.Set;
import org.apache.iceberg.Snapshot;

/**
 * Adds a snapshot with the same rows to a table whose newest snapshot has values of erased rows in
 * its manifests: the entries of removed files have the bounds of their columns.
 *
 * @param id the ID of its fence
 */
record ManifestRewrite(ClientSession session, TableName name, ErasureScan scan, String id)
    implements Ledger.Change<Boolean> {
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
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    TableDraft draft = session.tables().draft(name, attempt);
    TableErasure now = scan.scan(name, draft.table());
    Snapshot before = draft.table().currentSnapshot();
    if (before == null || !now.newestHolds() || now.rows() > 0) {
      return CommitDraft.unchanged(false);
    }
    draft.rewriteManifests(now.holdingNow(), CompactionChange.summary(before, id));
    CommitDraft<Boolean> change =
        CommitDraft.of(
            "product.compacted",
            session.principal(),
            MeshInventory.displayName(session, name.product()));
    draft.stage(change);
    CompactionChange.addLogEntry(change, name, id, draft.table(), 0, 0);
    return change.result(true);
  }
}
