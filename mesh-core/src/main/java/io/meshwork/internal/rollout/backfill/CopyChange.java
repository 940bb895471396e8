package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.copies.CopiedFiles;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutLog;
import io.meshwork.internal.rollout.RolloutLog.CopiedRows;
import io.meshwork.internal.rollout.backfill.DataFileCopy.Copy;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.scan.ObsoleteCopies;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableState;
import io.meshwork.publish.PublishReceipt.Input;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * The registry transaction of some copied files: adds the copies to the new major version, and
 * removes copies of files that the replaced one no longer has. Consumers do not see the new major
 * version yet. Its result is the number of copied rows; empty if a contract was amended in the
 * meantime, another back-fill ended, or the table no longer has a copied file.
 */
final class CopyChange implements Ledger.Change<OptionalLong> {
  private final ClientSession session;
  private final TransitionContext context;
  private final CopiedRecords records;
  private final List<Copy> copies;
  private final Set<String> obsolete;
  private final String source;
  private final String id;
  private final MeshAction action;

  /**
   * Creates the transaction.
   *
   * @param copies the copies to add
   * @param obsolete keys of files whose copies are removed
   * @param source the ID of the snapshot that was copied
   */
  CopyChange(
      ClientSession session,
      TransitionContext context,
      CopiedRecords records,
      List<Copy> copies,
      Set<String> obsolete,
      String source,
      MeshAction action) {
    this.session = session;
    this.context = context;
    this.records = records;
    this.copies = List.copyOf(copies);
    this.obsolete = Set.copyOf(obsolete);
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
  public CommitDraft<OptionalLong> draft(Ledger.Attempt attempt) {
    TransitionContext now =
        TransitionContext.of(
            session,
            context.product().name(),
            context.rollout().number(),
            RolloutBackFill.POSSIBLE,
            action);
    if (now.rollout().dates().cutOver().isPresent() || !now.hasContractsOf(context)) {
      return CommitDraft.unchanged(OptionalLong.empty());
    }
    TableDraft from =
        session
            .tables()
            .draft(TableName.of(context.product().name(), context.from().major()), attempt);
    if (!haveAll(from.table())) {
      return CommitDraft.unchanged(OptionalLong.empty());
    }
    TableName name = TableName.of(context.product().name(), context.to().major());
    TableDraft rows = session.tables().draft(name, attempt);
    checkNotCopied(rows.table());
    long removed = removed(rows.table()).stream().mapToLong(DataFile::recordCount).sum();
    Map<String, String> summary = summary();
    update(
        rows,
        removed(rows.table()),
        copies.stream().flatMap(copy -> copy.files().stream()).toList(),
        summary);
    CommitDraft<OptionalLong> draft =
        RolloutLog.<OptionalLong>backFill(
                copiedRows(name, removed, rows.state()), session.principal())
            .check(now.domain().stored())
            .check(now.to().majorStored())
            .check(now.to().contractStored());
    records.stage(now, draft);
    from.stage(draft); // only checks that nothing was committed to it
    rows.stage(draft);
    TableDraft quarantine = session.tables().draft(name.quarantined(), attempt);
    List<DataFileEntry> quarantined =
        copies.stream().flatMap(copy -> copy.quarantined().stream()).toList();
    if (!quarantined.isEmpty() || !removed(quarantine.table()).isEmpty()) {
      update(quarantine, removed(quarantine.table()), quarantined, summary);
      quarantine.stage(draft);
    }
    return draft.result(OptionalLong.of(rows()));
  }

  /** True if the copied files are still live: their rows may have been erased meanwhile. */
  private boolean haveAll(Table from) {
    Set<String> live =
        CopiedFiles.live(from).stream().map(ObsoleteCopies::key).collect(Collectors.toSet());
    return copies.stream().allMatch(copy -> live.contains(copy.key()));
  }

  /** Two back-fills at the same time must not copy the same rows. */
  private void checkNotCopied(Table to) {
    CopiedFiles copied = CopiedFiles.of(to, context.to().version());
    if (copies.stream().anyMatch(copy -> copied.containsKey(copy.key()))) {
      throw Failure.of(action)
          .because("another back-fill copied the same rows meanwhile")
          .state("The copied rows stay.")
          .fix("Let one back-fill run at a time.")
          .conflict(ErrorCode.CONFLICT);
    }
  }

  /** Adds files to a table, in place of others if there are some. */
  static void update(
      TableDraft draft,
      List<DataFile> removed,
      List<DataFileEntry> added,
      Map<String, String> summary) {
    if (removed.isEmpty()) {
      draft.append(added, summary);
      return;
    }
    draft.replace(
        removed,
        added.stream().map(entry -> entry.toDataFile(draft.table().spec())).toList(),
        summary);
  }

  private List<DataFile> removed(Table to) {
    Map<String, List<DataFile>> byKey = ObsoleteCopies.copies(to);
    List<DataFile> removed = new ArrayList<>();
    obsolete.forEach(key -> removed.addAll(byKey.getOrDefault(key, List.of())));
    return removed;
  }

  /**
   * The properties of the snapshot that has copies.
   *
   * @param to the major version that gets them
   */
  static Map<String, String> summary(
      TransitionContext context, VersionEntry to, String id, List<Copy> copies) {
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put(TableSnapshots.PRODUCT, context.product().name().toString());
    summary.put(TableSnapshots.MODE, PublishMode.BACK_FILL.text());
    summary.put(TableSnapshots.PUBLISH_ID, id);
    summary.put(TableSnapshots.CONTRACT_VERSION, to.version().toString());
    if (!copies.isEmpty()) {
      summary.put(CopiedFiles.COPIED, CopiedFiles.text(copies.stream().map(Copy::key).toList()));
    }
    return summary;
  }

  private Map<String, String> summary() {
    Map<String, String> summary = summary(context, context.to(), id, copies);
    if (!obsolete.isEmpty()) {
      summary.put(CopiedFiles.REMOVED, CopiedFiles.text(new TreeSet<>(obsolete)));
    }
    return summary;
  }

  private CopiedRows copiedRows(TableName name, long removed, TableState after) {
    long quarantined = copies.stream().mapToLong(Copy::rowsQuarantined).sum();
    return new CopiedRows(
        id,
        name.major(),
        context.to().version(),
        rows() - quarantined,
        quarantined,
        removed,
        copies.stream().mapToLong(copy -> copy.files().size()).sum(),
        PublishMode.BACK_FILL,
        RolloutLog.snapshot(after),
        List.of(new Input(name.product(), context.from().version(), source, List.of())));
  }

  /** The rows that were read. */
  private long rows() {
    return copies.stream().mapToLong(Copy::rows).sum();
  }
}
