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
 * The one transaction of a publish: both table pointers, the receipt and the log entry, provided
 * that the key and the fence are free and that contract and state are those that the rows were
 * checked against.
 */
final class PublishChange extends KeyedChange {
  private final RowIngestion.Result written;
  private final PendingRules pending;
  private final Optional<String> rowsDigest;
  private final @Nullable ReplacePlan replacement;
  private final @Nullable ReplacePlan quarantined;
  private final KeyGuard guard;
  private final StillBrokenRules fixed;
  private List<DataFileEntry> files = List.of();
  private ReplacePlan.Done aside = new ReplacePlan.Done(List.of(), 0);

  /**
   * A publish.
   *
   * @param pending rules that are judged against what an attempt would make
   * @param rowsDigest the digest of the rows that were offered; empty if none were read
   * @param replacement what goes; null if rows are only added
   * @param quarantined what goes out of the quarantine; null if nothing does
   * @param guard sees to keys that hold over the table
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
      KeyGuard guard,
      Deadline deadline) {
    super(session, request, entry, version);
    this.written = written;
    this.pending = pending;
    this.rowsDigest = rowsDigest;
    this.replacement = replacement;
    this.quarantined = quarantined;
    this.guard = guard;
    this.fixed = new StillBrokenRules(session, request.product(), version, deadline, action());
  }

  /**
   * Does what is dear ahead of the commit. An attempt then reads what is new since, and nothing a
   * second time.
   */
  void prepare() {
    if (replacement != null) {
      fixed(replacement.base(), replacement.expected(written.files()), new HashMap<>());
    }
    if (replacement != null && request.intent().mode() == PublishMode.ERASE) {
      replacement.locate();
    }
    if (quarantined != null) {
      quarantined.prepare();
    }
  }

  @Override
  CommitDraft<StoredReceipt> draftAnew(Ledger.Attempt attempt) {
    CommitDraft<StoredReceipt> draft = begin("product.published");

    TableDraft table =
        session.tables().draft(TableName.of(request.product(), request.major()), attempt);
    Optional<Snapshot> before = Optional.ofNullable(table.table().currentSnapshot());
    ErasedRows erased = erased(table);
    ReplacePlan.Done done = update(table, draft, attempt);
    aside = updateQuarantine(draft, attempt);

    Optional<Snapshot> made =
        Optional.ofNullable(table.table().currentSnapshot())
            .filter(now -> !now.equals(before.orElse(null)));
    QualityHistory history = QualityHistory.read(session, request.product(), request.major());
    PublishVerdict judgement = pending.evaluate(table.table(), history);
    if (judgement.refused()) {
      throw PublishRefusal.of(request.product(), version.version(), judgement);
    }
    StoredReceipt receipt = receipt(attempt, made, done, judgement.report(), erased);
    ErasedFiles.record(
        draft,
        TableName.of(request.product(), request.major()),
        request.publishId(),
        erased.files());
    PublishReceipts.keep(draft, receipt, request.fingerprint(), attempt.sequence());
    if (request.intent().mode() != PublishMode.ERASE) {
      history.add(draft, receipt, judgement.measures());
    }
    PublishLog.addEntry(draft, receipt, table.state());
    if (aside.rowsRemoved() > 0) {
      draft.detail("quarantineRowsRemoved", aside.rowsRemoved());
    }
    files = done.files();
    if (made.isPresent()) {
      TableName moved = TableName.of(request.product(), request.major());
      draft.onCommitted(() -> LastUpdatedFile.refresh(session, moved));
    }
    return draft.result(receipt);
  }

  private ErasedRows erased(TableDraft table) {
    return replacement == null || request.intent().mode() != PublishMode.ERASE
        ? ErasedRows.NONE
        : replacement.erased(table.table());
  }

  /** The data files that the last attempt put into the table. */
  List<DataFileEntry> files() {
    return files;
  }

  /** Those that it put into the quarantine in the place of others. */
  List<DataFileEntry> quarantineFiles() {
    return aside.files();
  }

  private ReplacePlan.Done update(TableDraft table, CommitDraft<?> draft, Ledger.Attempt attempt) {
    Snapshot before = table.table().currentSnapshot();
    guard.check(table.table());
    ReplacePlan.Done done = new ReplacePlan.Done(written.files(), 0);
    if (replacement != null) {
      done =
          replacement.update(
              table,
              written.files(),
              files -> fixed(table.table(), files, summary(table, attempt.now(), true)));
    } else if (!written.files().isEmpty()) {
      table.append(written.files(), summary(table, attempt.now(), true));
    }
    Snapshot now = table.table().currentSnapshot();
    if (Objects.equals(before, now)) {
      // No row came and none went. A reader of some rows must not tell that from rows that it does
      // not see, so it is a snapshot like any other.
      table.append(
          List.of(), summary(table, attempt.now(), PublishMeters.saysHowNew(request.intent())));
    }
    table.stage(draft);
    return done;
  }

  /**
   * What the snapshot says of itself; more of the rows may be complete than was said now.
   *
   * @param newer true if it makes the rows newer
   */
  private Map<String, String> summary(TableDraft table, Instant now, boolean newer) {
    Map<String, String> summary = summary(version.version());
    if (request.intent().mode() != PublishMode.ERASE) {
      LastUpdate.addPublishedAt(now, summary);
    }
    if (request.intent().mode() != PublishMode.ERASE && newer) {
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

  private Map<String, String> fixed(
      Table table, List<DataFile> files, Map<String, String> summary) {
    fixed.tell(table, files, summary);
    return summary;
  }

  private ReplacePlan.Done updateQuarantine(CommitDraft<?> draft, Ledger.Attempt attempt) {
    ReplacePlan.Done done = new ReplacePlan.Done(List.of(), 0);
    if (written.quarantineFiles().isEmpty() && quarantined == null) {
      return done;
    }
    TableDraft table =
        session
            .tables()
            .draft(TableName.of(request.product(), request.major()).quarantined(), attempt);
    if (quarantined != null) {
      done = quarantined.update(table, List.of(), files -> summary(version.version()));
    } else {
      table.append(written.quarantineFiles(), summary(version.version()));
    }
    table.stage(draft);
    return done;
  }

  private StoredReceipt receipt(
      Ledger.Attempt attempt,
      Optional<Snapshot> made,
      ReplacePlan.Done done,
      QualityReport report,
      ErasedRows erased) {
    return new StoredReceipt(
        request.publishId(),
        request.idempotencyKey(),
        request.product(),
        request.major(),
        version.version(),
        made.map(snapshot -> Long.toString(snapshot.snapshotId())),
        made.map(Snapshot::sequenceNumber).orElse(0L),
        report,
        request.intent(),
        done.rowsRemoved(),
        0,
        rowsDigest,
        done.files().size(),
        done.files().stream().mapToLong(DataFileEntry::bytes).sum(),
        attempt.now(),
        false,
        erased.refs());
  }
}
