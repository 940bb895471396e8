package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.copies.CopiedFiles;
import io.meshwork.internal.copies.SharedFiles;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutLog;
import io.meshwork.internal.rollout.RolloutLog.CopiedRows;
import io.meshwork.internal.rollout.backfill.DataFileCopy.Copy;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.scan.ObsoleteCopies;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt.Input;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.registry.Registry.Key;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;

/**
 * The registry transaction that adds rows of the new major version to a restored old one that lacks
 * them: the copies of some files, or copies of all files in place of all its rows. Its result is
 * false if one of the files is no longer part of the new major version, or was copied meanwhile.
 */
final class MissingRowsChange implements Ledger.Change<Boolean> {
  private final ClientSession session;
  private final TransitionContext context;
  private final CopiedRecords records;
  private final SharedFiles matched;
  private final List<Copy> copies;
  private final boolean replacing;
  private final String source;
  private final String id;
  private final MeshAction action;

  /**
   * Creates the transaction.
   *
   * @param context the rollout
   * @param matched the files whose rows both had before
   * @param copies the copies to add
   * @param replacing true if they are copies of all files and replace all rows
   * @param source the ID of the snapshot that was copied
   */
  MissingRowsChange(
      ClientSession session,
      TransitionContext context,
      CopiedRecords records,
      SharedFiles matched,
      Collection<Copy> copies,
      boolean replacing,
      String source,
      MeshAction action) {
    this.session = session;
    this.context = context;
    this.records = records;
    this.matched = matched;
    this.copies = List.copyOf(copies);
    this.replacing = replacing;
    this.source = source;
    this.id = session.runtime().ids().next();
    this.action = action;
  }

  @Override
  public MeshAction action() {
    return action;
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(context.product().name());
  }

  @Override
  public Set<Key> fences() {
    return Copy.fences(context.product().name(), copies);
  }

  @Override
  public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
    ProductName product = context.product().name();
    TransitionContext now =
        RestorationBackFill.read(session, product, context.rollout().number(), action);
    if (!now.rollout().retirement().isBehind() || !now.hasContractsOf(context)) {
      return CommitDraft.unchanged(false);
    }
    Optional<VersionedDocument> newest = session.ledger().newestEntry(partition());
    TableDraft newer = session.tables().draft(TableName.of(product, now.to().major()), attempt);
    TableDraft older = session.tables().draft(TableName.of(product, now.from().major()), attempt);
    SharedFiles.Tables tables = new SharedFiles.Tables(now.rollout(), older.table(), newer.table());
    List<DataFile> live = CopiedFiles.live(newer.table());
    if (!areMissing(matched.advance(session.ledger(), newest, tables), live)) {
      return CommitDraft.unchanged(false);
    }
    List<DataFile> removed = replacing ? CopiedFiles.live(older.table()) : List.of();
    CopyChange.update(older, removed, added(), summary());
    CommitDraft<Boolean> draft =
        RolloutLog.<Boolean>backFill(copiedRows(older, removed), session.principal())
            .check(now.domain().stored())
            .check(now.from().majorStored())
            .check(now.from().contractStored())
            .check(now.to().majorStored())
            .check(now.to().contractStored());
    records.stage(now, draft);
    newer.stage(draft); // only checks that nothing was committed to it
    older.stage(draft);
    return draft.result(true);
  }

  /** True if the copies have the rows of files that still exist, and whose rows only they have. */
  private boolean areMissing(SharedFiles now, List<DataFile> live) {
    List<DataFile> missing = replacing ? live : now.areIn(live) ? now.missing(live) : List.of();
    Set<String> keys = missing.stream().map(ObsoleteCopies::key).collect(Collectors.toSet());
    return copies.stream().allMatch(copy -> keys.contains(copy.key()))
        && (!replacing || copies.size() == keys.size());
  }

  private Map<String, String> summary() {
    Map<String, String> summary = CopyChange.summary(context, context.from(), id, copies);
    if (replacing) {
      summary.put(SharedFiles.REPLACED, "true");
    }
    return summary;
  }

  private List<DataFileEntry> added() {
    return copies.stream().flatMap(copy -> copy.files().stream()).toList();
  }

  private CopiedRows copiedRows(TableDraft older, List<DataFile> removed) {
    List<DataFileEntry> files = added();
    return new CopiedRows(
        id,
        older.name().major(),
        context.from().version(),
        files.stream().mapToLong(DataFileEntry::rows).sum(),
        0,
        removed.stream().mapToLong(DataFile::recordCount).sum(),
        files.size(),
        PublishMode.BACK_FILL,
        RolloutLog.snapshot(older.state()),
        List.of(new Input(older.name().product(), context.to().version(), source, List.of())));
  }
}
