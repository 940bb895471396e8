package io.meshwork.publish;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.delivery.LastUpdatedFile;
import io.meshwork.internal.ingest.Ingest;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.Completeness;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The one transaction of a rollback: files that the earlier snapshot did not have go, and files
 * that are no more in the table come back. Whatever others committed meanwhile stands against it.
 */
final class RollBackChange extends KeyedChange {
  private final ContractVersion contract;
  private final BaseState base;
  private final Snapshot target;
  private Optional<LastUpdate> restored = Optional.empty();

  /**
   * A rollback.
   *
   * @param contract what the rows that come back were checked against
   * @param base the table when it was decided on
   * @param target the snapshot that comes back
   */
  RollBackChange(
      Session session,
      Request request,
      ProductEntry entry,
      VersionEntry version,
      ContractVersion contract,
      BaseState base,
      Snapshot target) {
    super(session, request, entry, version);
    this.contract = contract;
    this.base = base;
    this.target = target;
  }

  @Override
  Draft<PublishReceipt> draftAnew(Ledger.Attempt attempt) {
    Draft<PublishReceipt> draft = begin("product.rolled-back");
    TableDraft table =
        session.tables().draft(TableName.of(request.product(), request.major()), attempt);
    base.checkUntouched(table.table(), ReplacedRows.all(), doing());
    PublishReceipt receipt = receipt(attempt, table);
    table.stage(draft);
    Receipts.keep(draft, receipt, request.fingerprint(), attempt.sequence());
    PublishLog.tell(draft, receipt, table.state());
    draft
        .detail("restoredSnapshot", Long.toString(target.snapshotId()))
        .detail("rowsRestored", receipt.rowsRestored());
    if (receipt.snapshotId().isPresent()) {
      TableName moved = TableName.of(request.product(), request.major());
      draft.onCommitted(() -> LastUpdatedFile.refresh(session, moved));
    }
    return draft.result(receipt);
  }

  private PublishReceipt receipt(Ledger.Attempt attempt, TableDraft draft) {
    Table table = draft.table();
    Snapshot before = table.currentSnapshot();
    if (before == null || table.snapshot(target.snapshotId()) == null) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + doing()
              + ": the snapshot expired meanwhile. Nothing was changed. Choose a later one.");
    }
    List<DataFile> live = SnapshotFiles.of(table, before);
    List<DataFile> wanted = SnapshotFiles.of(table, target);
    List<DataFile> outgoing = without(live, wanted);
    List<DataFile> incoming = without(wanted, live);
    restored = LastUpdate.asOf(table, table.snapshot(target.snapshotId()));
    draft.replace(outgoing, incoming, told(table));
    Snapshot now = table.currentSnapshot();
    boolean moved = !now.equals(before);
    return new PublishReceipt(
        request.publishId(),
        request.idempotencyKey(),
        request.product(),
        request.major(),
        contract,
        moved ? Optional.of(Long.toString(now.snapshotId())) : Optional.empty(),
        moved ? now.sequenceNumber() : 0,
        Ingest.Result.ofNoRows().judgement().report(),
        request.intent(),
        rows(outgoing),
        rows(incoming),
        Optional.empty(),
        0,
        0,
        attempt.now(),
        false);
  }

  /** What was complete then is complete now, and no more. */
  private Map<String, String> told(Table table) {
    Map<String, String> summary = new TreeMap<>(summary(contract));
    summary.put(
        Completeness.PROPERTY,
        Completeness.text(Completeness.asOf(table, table.snapshot(target.snapshotId()))));
    LastUpdate.tell(restored, summary);
    return summary;
  }

  /** When the rows that came back were new, as far as it is known. */
  Optional<LastUpdate> restored() {
    return restored;
  }

  private static long rows(List<DataFile> files) {
    return files.stream().mapToLong(DataFile::recordCount).sum();
  }

  private static List<DataFile> without(List<DataFile> files, List<DataFile> others) {
    Set<String> locations =
        others.stream().map(DataFile::location).collect(Collectors.toCollection(HashSet::new));
    return files.stream().filter(file -> !locations.contains(file.location())).toList();
  }
}
