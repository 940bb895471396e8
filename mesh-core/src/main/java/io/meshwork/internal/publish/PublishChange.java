package io.meshwork.internal.publish;

import io.meshwork.contract.QualityReport;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.delivery.LastUpdatedFile;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.CompletenessStatement;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.ErasedFiles;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.publish.PublishMode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The registry transaction of a publish: the pointers of both tables, the receipt, and the log
 * entry. It requires that the key and the fence are unused and that the contract and its state are
 * those that the rows were checked against.
 */
final class PublishChange extends IdempotentChange {
  private final RowIngestion.Result written;
  private final PendingRules pending;
  private final Optional<String> rowsDigest;
  private final @Nullable ReplacePlan replacement;
  private final @Nullable ReplacePlan quarantined;
  private final UniqueKeyCheck keyCheck;
  private final RemainingViolations remaining;
  private List<DataFileEntry> files = List.of();
  private ReplacePlan.Result quarantineResult = new ReplacePlan.Result(List.of(), 0);

  /**
   * Creates the transaction of a publish.
   *
   * @param pending rules that are evaluated against the state that an attempt would create
   * @param rowsDigest the digest of the offered rows; empty if it was not computed
   * @param replacement the rows to replace; null if rows are only added
   * @param quarantined the rows to erase from the quarantine; null if there are none
   * @param keyCheck checks keys that are unique in the table or in a partition
   */
  PublishChange(
      ClientSession session,
      PublishRequest request,
      ProductEntry entry,
      VersionEntry version,
      RowIngestion.Result written,
      PendingRules pending,
      Optional<String> rowsDigest,
      @Nullable ReplacePlan replacement,
      @Nullable ReplacePlan quarantined,
      UniqueKeyCheck keyCheck,
      Deadline deadline) {
    super(session, request, entry, version);
    this.written = written;
    this.pending = pending;
    this.rowsDigest = rowsDigest;
    this.replacement = replacement;
    this.quarantined = quarantined;
    this.keyCheck = keyCheck;
    this.remaining =
        new RemainingViolations(session, request.product(), version, deadline, action());
  }

  /**
   * Does the expensive work before the commit. An attempt then reads only what was committed since.
   */
  void prepare() {
    if (replacement != null) {
      withRemaining(replacement.base(), replacement.expected(written.files()), new HashMap<>());
    }
    if (replacement != null && request.intent().mode() == PublishMode.ERASE) {
      replacement.locate();
    }
    if (quarantined != null) {
      quarantined.prepare();
    }
  }

  @Override
  CommitDraft<StoredReceipt> newDraft(Ledger.Attempt attempt) {
    CommitDraft<StoredReceipt> draft = begin("product.published");

    TableDraft table =
        session.tables().draft(TableName.of(request.product(), request.major()), attempt);
    Optional<Snapshot> before = Optional.ofNullable(table.table().currentSnapshot());
    ErasedRowLocations erased = erased(table);
    ReplacePlan.Result result = update(table, draft, attempt);
    quarantineResult = updateQuarantine(draft, attempt);

    Optional<Snapshot> created =
        Optional.ofNullable(table.table().currentSnapshot())
            .filter(now -> !now.equals(before.orElse(null)));
    QualityHistory history = QualityHistory.read(session, request.product(), request.major());
    PublishVerdict verdict = pending.evaluate(table.table(), history);
    if (verdict.refused()) {
      throw PublishRejection.of(request.product(), version.version(), verdict);
    }
    StoredReceipt receipt = receipt(attempt, created, result, verdict.report(), erased);
    ErasedFiles.record(
        draft,
        TableName.of(request.product(), request.major()),
        request.publishId(),
        erased.files());
    PublishReceipts.add(draft, receipt, request.fingerprint(), attempt.sequence());
    if (request.intent().mode() != PublishMode.ERASE) {
      history.add(draft, receipt, verdict.measures());
    }
    PublishLog.CommittedMajor committed = PublishLog.CommittedMajor.of(receipt, table.state());
    if (quarantineResult.rowsRemoved() > 0) {
      committed.further().put("quarantineRowsRemoved", quarantineResult.rowsRemoved());
    }
    PublishLog.addEntry(draft, List.of(committed));
    files = result.files();
    if (created.isPresent()) {
      TableName moved = TableName.of(request.product(), request.major());
      draft.onCommitted(() -> LastUpdatedFile.refresh(session, moved));
    }
    return draft.result(receipt);
  }

  private ErasedRowLocations erased(TableDraft table) {
    return replacement == null || request.intent().mode() != PublishMode.ERASE
        ? ErasedRowLocations.NONE
        : replacement.erased(table.table());
  }

  /** The data files that the last attempt added to the table. */
  List<DataFileEntry> files() {
    return files;
  }

  /** The data files that replace others in the quarantine. */
  List<DataFileEntry> quarantineFiles() {
    return quarantineResult.files();
  }

  private ReplacePlan.Result update(
      TableDraft table, CommitDraft<?> draft, Ledger.Attempt attempt) {
    Snapshot before = table.table().currentSnapshot();
    keyCheck.check(table.table());
    ReplacePlan.Result result = new ReplacePlan.Result(written.files(), 0);
    if (replacement != null) {
      result =
          replacement.update(
              table,
              written.files(),
              files -> withRemaining(table.table(), files, summary(table, attempt.now(), true)));
    } else if (!written.files().isEmpty()) {
      table.append(written.files(), summary(table, attempt.now(), true));
    }
    Snapshot now = table.table().currentSnapshot();
    if (Objects.equals(before, now)) {
      // No row was added or removed. A snapshot is added all the same, so that a reader of some
      // rows cannot distinguish this from a change of rows that it may not read.
      table.append(
          List.of(),
          summary(table, attempt.now(), PublishMeters.updatesFreshness(request.intent())));
    }
    table.stage(draft);
    return result;
  }

  /**
   * The properties of the snapshot's summary. The stated completeness never decreases.
   *
   * @param fresh true if the publish updates the freshness of the rows
   */
  private Map<String, String> summary(TableDraft table, Instant now, boolean fresh) {
    Map<String, String> summary = summary(version.version());
    if (request.intent().mode() != PublishMode.ERASE) {
      LastUpdate.addPublishedAt(now, summary);
    }
    if (request.intent().mode() != PublishMode.ERASE && fresh) {
      LastUpdate.addTo(
          Optional.of(
              new LastUpdate(now, Optional.of(RegistryKeys.sha256(request.idempotencyKey())))),
          summary);
    }
    request
        .intent()
        .completeUpTo()
        .ifPresent(
            upTo ->
                summary.put(
                    CompletenessStatement.PROPERTY,
                    CompletenessStatement.stated(table.table(), upTo)));
    return summary;
  }

  private Map<String, String> withRemaining(
      Table table, List<DataFile> files, Map<String, String> summary) {
    remaining.addTo(table, files, summary);
    return summary;
  }

  private ReplacePlan.Result updateQuarantine(CommitDraft<?> draft, Ledger.Attempt attempt) {
    ReplacePlan.Result result = new ReplacePlan.Result(List.of(), 0);
    if (written.quarantineFiles().isEmpty() && quarantined == null) {
      return result;
    }
    TableDraft table =
        session
            .tables()
            .draft(TableName.of(request.product(), request.major()).quarantined(), attempt);
    if (quarantined != null) {
      result = quarantined.update(table, List.of(), files -> summary(version.version()));
    } else {
      table.append(written.quarantineFiles(), summary(version.version()));
    }
    table.stage(draft);
    return result;
  }

  private StoredReceipt receipt(
      Ledger.Attempt attempt,
      Optional<Snapshot> created,
      ReplacePlan.Result result,
      QualityReport report,
      ErasedRowLocations erased) {
    return new StoredReceipt(
        request.publishId(),
        request.idempotencyKey(),
        request.product(),
        request.major(),
        version.version(),
        created.map(snapshot -> Long.toString(snapshot.snapshotId())),
        created.stream().mapToLong(Snapshot::sequenceNumber).findFirst(),
        report,
        request.intent(),
        result.rowsRemoved(),
        0,
        rowsDigest,
        result.files().size(),
        result.files().stream().mapToLong(DataFileEntry::bytes).sum(),
        attempt.now(),
        false,
        erased.refs());
  }
}
