package io.meshwork.internal.publish;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails.Restoration;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.receipts.IdempotentChange;
import io.meshwork.internal.receipts.PublishLog;
import io.meshwork.internal.receipts.PublishReceipts;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.replacement.BaseSnapshot;
import io.meshwork.internal.replacement.ReplacedRows;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.BrokenRules;
import io.meshwork.internal.table.CompletenessStatement;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * The registry transaction of a rollback: removes the files that the earlier snapshot does not
 * have, and adds its files that the table does not have. Conflicts with every concurrent commit.
 */
final class RollBackChange extends IdempotentChange {
  private final ContractVersion contract;
  private final BaseSnapshot base;
  private final Snapshot target;
  private final boolean restoringErased;
  private final Violations violations;
  private Optional<LastUpdate> restored = Optional.empty();

  /**
   * Creates the transaction of a rollback.
   *
   * @param contract the contract that the restored rows were checked against
   * @param base the state of the table that the rollback is based on
   * @param target the snapshot to restore
   * @param restoringErased true if erased rows may be restored
   * @param violations the rules of the current contract that its rows break
   */
  RollBackChange(
      ClientSession session,
      PublishRequest request,
      ProductEntry entry,
      VersionEntry version,
      ContractVersion contract,
      BaseSnapshot base,
      Snapshot target,
      boolean restoringErased,
      Violations violations) {
    super(session, request, entry, version);
    this.contract = contract;
    this.base = base;
    this.target = target;
    this.restoringErased = restoringErased;
    this.violations = violations;
  }

  /**
   * The rules that restored rows break.
   *
   * @param rules IDs of the rules
   * @param allowed why this is allowed; empty if they break none
   */
  record Violations(List<String> rules, Optional<String> allowed) {}

  /** The contract version of a snapshot, or of the snapshot that was compacted to it. */
  static Optional<ContractVersion> contractOf(Table table, Snapshot snapshot) {
    for (Snapshot each : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      String contractVersion = each.summary().get(TableSnapshots.CONTRACT_VERSION);
      if (contractVersion != null) {
        return Optional.of(ContractVersion.parse(contractVersion));
      }
      if (!DataOperations.REPLACE.equals(each.operation())) {
        break;
      }
    }
    return Optional.empty();
  }

  @Override
  protected CommitDraft<StoredReceipt> newDraft(Ledger.Attempt attempt) {
    CommitDraft<StoredReceipt> draft = begin("product.rolled-back");
    TableDraft table =
        session.tables().draft(TableName.of(request.product(), request.major()), attempt);
    base.checkUnchanged(table.table(), ReplacedRows.all(), action());
    StoredReceipt receipt = receipt(attempt, table);
    table.stage(draft);
    PublishReceipts.add(draft, receipt, request.fingerprint(), attempt.sequence());
    PublishLog.addEntry(
        draft,
        receipt,
        List.of(PublishLog.major(receipt, table.state(), 0, Optional.of(restoration(receipt)))));
    return draft.result(receipt);
  }

  private Restoration restoration(StoredReceipt receipt) {
    return new Restoration(
        Long.toString(target.snapshotId()),
        receipt.rowsRestored(),
        violations.allowed().isPresent() ? violations.rules() : List.of(),
        violations.allowed());
  }

  private StoredReceipt receipt(Ledger.Attempt attempt, TableDraft draft) {
    Table table = draft.table();
    Snapshot before = table.currentSnapshot();
    if (before == null || table.snapshot(target.snapshotId()) == null) {
      throw Failure.of(action())
          .because("the snapshot expired in the meantime")
          .fix("Choose a later one.")
          .conflict(ErrorCode.CONFLICT);
    }
    if (!restoringErased) {
      ActiveErases.checkKept(table, target, action());
    }
    List<DataFile> live = SnapshotFiles.of(table, before);
    List<DataFile> restoredFiles = SnapshotFiles.of(table, target);
    List<DataFile> outgoing = surplus(live, restoredFiles);
    List<DataFile> incoming = missing(restoredFiles, live, outgoing);
    restored = LastUpdate.asOf(table, table.snapshot(target.snapshotId()));
    if (outgoing.isEmpty() && incoming.isEmpty() && before.snapshotId() != target.snapshotId()) {
      // The same files, but a reader of some rows must not learn this: see PublishChange.update.
      draft.append(List.of(), summary(table));
    }
    draft.replace(outgoing, incoming, summary(table));
    Snapshot now = table.currentSnapshot();
    boolean moved = !now.equals(before);
    return new StoredReceipt(
        request.publishId(),
        request.idempotencyKey(),
        request.product(),
        request.major(),
        contract,
        moved ? Optional.of(Long.toString(now.snapshotId())) : Optional.empty(),
        moved ? OptionalLong.of(now.sequenceNumber()) : OptionalLong.empty(),
        RowIngestion.Result.ofNoRows().verdict().report(),
        request.intent(),
        rows(outgoing),
        rows(incoming),
        Optional.empty(),
        0,
        0,
        attempt.now(),
        false);
  }

  /** The summary, with the completeness of the restored snapshot. */
  private Map<String, String> summary(Table table) {
    Map<String, String> summary = new TreeMap<>(request.summary(contract));
    summary.put(
        CompletenessStatement.PROPERTY,
        CompletenessStatement.text(
            CompletenessStatement.asOf(table, table.snapshot(target.snapshotId()))));
    LastUpdate.addTo(restored, summary);
    NewestEventTime.copyTo(table, table.snapshot(target.snapshotId()), summary);
    if (!violations.rules().isEmpty()
        || !BrokenRules.asOf(table, table.currentSnapshot()).isEmpty()) {
      BrokenRules.addTo(violations.rules(), summary);
    }
    LastUpdate.publishedAsOf(table, table.snapshot(target.snapshotId()))
        .ifPresent(at -> LastUpdate.addPublishedAt(at, summary));
    return summary;
  }

  /** When the restored rows were updated last; empty if unknown. */
  Optional<LastUpdate> restored() {
    return restored;
  }

  private static long rows(List<DataFile> files) {
    return files.stream().mapToLong(DataFile::recordCount).sum();
  }

  /**
   * The live files with more entries than in the restored snapshot; removal deletes all entries.
   */
  private static List<DataFile> surplus(List<DataFile> live, List<DataFile> restored) {
    Map<String, Long> before = entries(live);
    Map<String, Long> after = entries(restored);
    return live.stream()
        .filter(
            file ->
                before.getOrDefault(file.location(), 0L) > after.getOrDefault(file.location(), 0L))
        .toList();
  }

  /** The restored files that are not live after the removal, each once. */
  private static List<DataFile> missing(
      List<DataFile> restored, List<DataFile> live, List<DataFile> outgoing) {
    Set<String> retained = new HashSet<>(entries(live).keySet());
    retained.removeAll(entries(outgoing).keySet());
    return restored.stream().filter(file -> retained.add(file.location())).toList();
  }

  private static Map<String, Long> entries(List<DataFile> files) {
    return files.stream().collect(Collectors.groupingBy(DataFile::location, Collectors.counting()));
  }
}
