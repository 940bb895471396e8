package io.meshwork.internal.publish;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.delivery.LastUpdatedFile;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.BrokenRules;
import io.meshwork.internal.table.CompletenessStatement;
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
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * The one transaction of a rollback: files that the earlier snapshot did not have go, and files
 * that are no more in the table come back. Whatever others committed meanwhile stands against it.
 */
final class RollBackChange extends KeyedChange {
  private final ContractVersion contract;
  private final BaseState base;
  private final Snapshot target;
  private final boolean restoringErased;
  private final Violations violations;
  private Optional<LastUpdate> restored = Optional.empty();

  /**
   * A rollback.
   *
   * @param contract what the rows that come back were checked against
   * @param base the table when it was decided on
   * @param target the snapshot that comes back
   * @param restoringErased whether rows may come back that are erased now
   * @param violations what its rows break of the contract in force
   */
  RollBackChange(
      ClientSession session,
      PublishRequest request,
      ProductEntry entry,
      VersionEntry version,
      ContractVersion contract,
      BaseState base,
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
   * What rows break that come back all the same.
   *
   * @param rules ids of rules
   * @param allowed why; empty if they break nothing
   */
  record Violations(List<String> rules, Optional<String> allowed) {}

  /** The contract that a state was made under, as far as snapshots say; compaction changes none. */
  static Optional<ContractVersion> contractOf(Table table, Snapshot snapshot) {
    for (Snapshot each : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      String said = each.summary().get(TableSnapshots.CONTRACT_VERSION);
      if (said != null) {
        return Optional.of(ContractVersion.parse(said));
      }
      if (!DataOperations.REPLACE.equals(each.operation())) {
        break;
      }
    }
    return Optional.empty();
  }

  @Override
  CommitDraft<StoredReceipt> draftAnew(Ledger.Attempt attempt) {
    CommitDraft<StoredReceipt> draft = begin("product.rolled-back");
    TableDraft table =
        session.tables().draft(TableName.of(request.product(), request.major()), attempt);
    base.checkUntouched(table.table(), ReplacedRows.all(), action());
    StoredReceipt receipt = receipt(attempt, table);
    table.stage(draft);
    PublishReceipts.keep(draft, receipt, request.fingerprint(), attempt.sequence());
    PublishLog.addEntry(draft, receipt, table.state());
    draft
        .detail("restoredSnapshot", Long.toString(target.snapshotId()))
        .detail("rowsRestored", receipt.rowsRestored());
    violations
        .allowed()
        .ifPresent(
            why -> {
              ArrayNode rules = JsonNodeFactory.instance.arrayNode();
              violations.rules().forEach(rules::add);
              draft.detail("brokenRules", rules).detail("violationsAllowed", why);
            });
    if (receipt.snapshotId().isPresent()) {
      TableName moved = TableName.of(request.product(), request.major());
      draft.onCommitted(() -> LastUpdatedFile.refresh(session, moved));
    }
    return draft.result(receipt);
  }

  private StoredReceipt receipt(Ledger.Attempt attempt, TableDraft draft) {
    Table table = draft.table();
    Snapshot before = table.currentSnapshot();
    if (before == null || table.snapshot(target.snapshotId()) == null) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + action()
              + ": the snapshot expired meanwhile. Nothing was changed. Choose a later one.");
    }
    if (!restoringErased) {
      ActiveErases.checkKept(table, target, action());
    }
    List<DataFile> live = SnapshotFiles.of(table, before);
    List<DataFile> wanted = SnapshotFiles.of(table, target);
    List<DataFile> outgoing = surplus(live, wanted);
    List<DataFile> incoming = missing(wanted, live, outgoing);
    restored = LastUpdate.asOf(table, table.snapshot(target.snapshotId()));
    if (outgoing.isEmpty() && incoming.isEmpty() && before.snapshotId() != target.snapshotId()) {
      // Between the two something came or went that not everybody sees, or nothing at all.
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
        moved ? now.sequenceNumber() : 0,
        RowIngestion.Result.ofNoRows().judgement().report(),
        request.intent(),
        rows(outgoing),
        rows(incoming),
        Optional.empty(),
        0,
        0,
        attempt.now(),
        false,
        List.of());
  }

  /** What was complete then is complete now, and no more. */
  private Map<String, String> summary(Table table) {
    Map<String, String> summary = new TreeMap<>(summary(contract));
    summary.put(
        CompletenessStatement.PROPERTY,
        CompletenessStatement.text(
            CompletenessStatement.asOf(table, table.snapshot(target.snapshotId()))));
    LastUpdate.addTo(restored, summary);
    if (!violations.rules().isEmpty()
        || !BrokenRules.asOf(table, table.currentSnapshot()).isEmpty()) {
      BrokenRules.addTo(violations.rules(), summary);
    }
    LastUpdate.publishedAsOf(table, table.snapshot(target.snapshotId()))
        .ifPresent(at -> LastUpdate.addPublishedAt(at, summary));
    return summary;
  }

  /** When the rows that came back were new, as far as it is known. */
  Optional<LastUpdate> restored() {
    return restored;
  }

  private static long rows(List<DataFile> files) {
    return files.stream().mapToLong(DataFile::recordCount).sum();
  }

  /** The files of some that are not among others. */
  static List<DataFile> without(List<DataFile> files, List<DataFile> others) {
    Set<String> locations =
        others.stream().map(DataFile::location).collect(Collectors.toCollection(HashSet::new));
    return files.stream().filter(file -> !locations.contains(file.location())).toList();
  }

  /** What is there and was not, or is there more often: Iceberg takes out all entries of a file. */
  private static List<DataFile> surplus(List<DataFile> live, List<DataFile> wanted) {
    Map<String, Long> here = entries(live);
    Map<String, Long> then = entries(wanted);
    return live.stream()
        .filter(
            file -> here.getOrDefault(file.location(), 0L) > then.getOrDefault(file.location(), 0L))
        .toList();
  }

  /** What was there and is not, or goes with what is there too often; once each. */
  private static List<DataFile> missing(
      List<DataFile> wanted, List<DataFile> live, List<DataFile> outgoing) {
    Set<String> stays = new HashSet<>(entries(live).keySet());
    stays.removeAll(entries(outgoing).keySet());
    return wanted.stream().filter(file -> stays.add(file.location())).toList();
  }

  private static Map<String, Long> entries(List<DataFile> files) {
    return files.stream().collect(Collectors.groupingBy(DataFile::location, Collectors.counting()));
  }
}
