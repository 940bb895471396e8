package io.meshwork.publish;

import io.meshwork.contract.QualityReport;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.delivery.LastUpdatedFile;
import io.meshwork.internal.ingest.Ingest;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.quality.Judgement;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.Completeness;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The one transaction of a publish: both table pointers, the receipt and the log entry, provided
 * that the key and the fence are free and that contract and state are those that the rows were
 * checked against.
 */
final class PublishChange extends KeyedChange {
  private final Ingest.Result written;
  private final PendingRules pending;
  private final Optional<String> rowsDigest;
  private final @Nullable Replacement replacement;
  private final KeyGuard guard;
  private List<DataFileEntry> files = List.of();

  /**
   * A publish.
   *
   * @param pending rules that are judged against what an attempt would make
   * @param rowsDigest the digest of the rows that were offered; empty if none were read
   * @param replacement what goes; null if rows are only added
   * @param guard sees to keys that hold over the table
   */
  PublishChange(
      Session session,
      Request request,
      ProductEntry entry,
      VersionEntry version,
      Ingest.Result written,
      PendingRules pending,
      Optional<String> rowsDigest,
      @Nullable Replacement replacement,
      KeyGuard guard) {
    super(session, request, entry, version);
    this.written = written;
    this.pending = pending;
    this.rowsDigest = rowsDigest;
    this.replacement = replacement;
    this.guard = guard;
  }

  @Override
  Draft<PublishReceipt> draftAnew(Ledger.Attempt attempt) {
    checkContractStands();
    Draft<PublishReceipt> draft = begin("product.published");
    draft.check(version.contractStored());

    TableDraft table =
        session.tables().draft(TableName.of(request.product(), request.major()), attempt);
    Optional<Snapshot> before = Optional.ofNullable(table.table().currentSnapshot());
    Replacement.Done done = update(table, draft, attempt);
    addToQuarantine(draft, attempt);

    Optional<Snapshot> made =
        Optional.ofNullable(table.table().currentSnapshot())
            .filter(now -> !now.equals(before.orElse(null)));
    QualityHistory history = QualityHistory.read(session, request.product(), request.major());
    Judgement judgement = pending.judged(table.table(), history);
    if (judgement.refused()) {
      throw Refusal.of(request.product(), version.version(), judgement);
    }
    PublishReceipt receipt = receipt(attempt, made, done, judgement.report());
    Receipts.keep(draft, receipt, request.fingerprint(), attempt.sequence());
    if (request.intent().mode() != PublishMode.ERASE) {
      history.add(draft, receipt, judgement.measures());
    }
    PublishLog.tell(draft, receipt, table.state());
    files = done.files();
    if (made.isPresent()) {
      TableName moved = TableName.of(request.product(), request.major());
      draft.onCommitted(() -> LastUpdatedFile.refresh(session, moved));
    }
    return draft.result(receipt);
  }

  /** The data files that the last attempt put into the table. */
  List<DataFileEntry> files() {
    return files;
  }

  private Replacement.Done update(TableDraft table, Draft<?> draft, Ledger.Attempt attempt) {
    Snapshot before = table.table().currentSnapshot();
    guard.check(table.table());
    Replacement.Done done = new Replacement.Done(written.files(), 0);
    if (replacement != null) {
      done = replacement.update(table, written.files(), told(table, attempt.now()));
    } else if (!written.files().isEmpty()) {
      table.append(written.files(), told(table, attempt.now()));
    }
    Snapshot now = table.table().currentSnapshot();
    // What was to go was not there, and a reader of some rows must not tell that from rows that it
    // does not see. Which partitions are replaced only the rows say that come.
    boolean asksWhatIsThere =
        replacement != null && request.intent().mode() != PublishMode.REPLACE_PARTITIONS;
    if (Objects.equals(before, now)
        && (asksWhatIsThere || request.intent().completeUpTo().isPresent())) {
      table.append(List.of(), told(table, attempt.now()));
    }
    if (replacement != null || !Objects.equals(before, table.table().currentSnapshot())) {
      table.stage(draft);
    }
    return done;
  }

  /** What the snapshot says of itself; more of the rows may be complete than was said now. */
  private Map<String, String> told(TableDraft table, Instant now) {
    Map<String, String> summary = summary(version.version());
    if (request.intent().mode() != PublishMode.ERASE) {
      LastUpdate.tell(
          Optional.of(new LastUpdate(now, Optional.of(Keys.sha256(request.idempotencyKey())))),
          summary);
    }
    request
        .intent()
        .completeUpTo()
        .ifPresent(
            upTo -> summary.put(Completeness.PROPERTY, Completeness.stated(table.table(), upTo)));
    return summary;
  }

  private void addToQuarantine(Draft<?> draft, Ledger.Attempt attempt) {
    if (!written.quarantineFiles().isEmpty()) {
      session
          .tables()
          .draft(TableName.of(request.product(), request.major()).quarantined(), attempt)
          .append(written.quarantineFiles(), summary(version.version()))
          .stage(draft);
    }
  }

  /** Rows were checked against one contract and state; another one now asks for another check. */
  private void checkContractStands() {
    ProductEntry productNow = session.catalog().requireProduct(request.product(), doing());
    VersionEntry now =
        session.catalog().requireVersion(request.product(), request.major(), doing());
    if (!productNow.stored().version().equals(entry.stored().version())
        || !now.majorStored().version().equals(version.majorStored().version())
        || !now.contractStored().version().equals(version.contractStored().version())) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + doing()
              + ": the product or its contract "
              + version.version()
              + " was changed while rows were being checked. Nothing was published. Run it again"
              + " with the same key.");
    }
  }

  private PublishReceipt receipt(
      Ledger.Attempt attempt,
      Optional<Snapshot> made,
      Replacement.Done done,
      QualityReport report) {
    return new PublishReceipt(
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
        false);
  }
}
