package io.meshwork.internal.publish;

import io.meshwork.error.MeshAction;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.write.RowRemoval;
import io.meshwork.internal.ingest.write.RowSelection;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.publish.run.AdditionalChange;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.internal.quarantine.QuarantinedRowIds;
import io.meshwork.internal.receipts.IdempotentChange;
import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.receipts.PublishMeters;
import io.meshwork.internal.receipts.PublishPlanResult;
import io.meshwork.internal.receipts.PublishReceipts;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.replacement.ReplacedRows;
import io.meshwork.internal.replacement.RowReplacement;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ThreadInterruption;
import io.meshwork.internal.scan.QuarantineRuleIds;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.Table;

/** Erases rows from a quarantine. The product's rows do not change. */
final class QuarantineErase extends IdempotentChange {
  private final TableName name;
  private final RowPredicate filter;
  private final RowReplacement replacement;
  private final AdditionalChange others;
  private final Deadline deadline;
  private List<DataFileEntry> files = List.of();

  private QuarantineErase(
      ClientSession session,
      PublishRequest request,
      ProductEntry entry,
      VersionEntry version,
      TableName name,
      RowPredicate filter,
      RowReplacement replacement,
      AdditionalChange others,
      Deadline deadline) {
    super(session, request, entry, version);
    this.name = name;
    this.replacement = replacement;
    this.filter = filter;
    this.others = others;
    this.deadline = deadline;
  }

  /** Erases rows; under a used key, returns the earlier receipt. */
  static StoredReceipt run(PublishContext publish) {
    try {
      return PublishMeters.measured(publish.session(), publish.product(), () -> of(publish).run());
    } catch (RuntimeException e) {
      throw ThreadInterruption.orFailure(publish.action(), e);
    }
  }

  /** Returns what the erase would do. */
  static PublishPlan plan(PublishContext publish) {
    try {
      return of(publish.withoutFiles()).plan();
    } catch (RuntimeException e) {
      throw ThreadInterruption.orFailure(publish.action(), e);
    }
  }

  /** Creates an erase. Its filter refers to the columns of a quarantine. */
  private static QuarantineErase of(PublishContext publish) {
    ClientSession session = publish.session();
    ProductName product = publish.product();
    PublishOptions options = publish.options();
    MeshAction action = publish.action();
    ProductEntry entry = session.catalog().requireProduct(product, action);
    session.authorizer().requireOwner(product.domain(), action);
    VersionEntry version =
        session.catalog().requireFor(Use.ERASE, product, options.majorOf(session, entry), action);
    TableName name = TableName.of(product, version.major()).quarantined();
    Table table = session.tables().load(name);
    RowPredicate filter =
        RowPredicate.parse(Objects.requireNonNull(options.filter()), table.schema(), null, action);
    PublishRequest request =
        new PublishRequest(
            product,
            version.major(),
            publish.publishId(),
            options.key(),
            new PublishIntent(
                PublishMode.ERASE_QUARANTINE,
                Optional.of(filter.text()),
                Optional.empty(),
                Optional.ofNullable(options.reason()),
                List.of(),
                Optional.empty()),
            PublishRequest.NO_ROWS,
            action);
    RowSelection rows = RowSelection.of(filter);
    RowReplacement replacement =
        new RowReplacement(
            table,
            ReplacedRows.matching(
                rows,
                new RowRemoval(
                    table,
                    publish.files(),
                    publish.publishId() + "-q",
                    rows,
                    publish.deadline(),
                    action)),
            action);
    return new QuarantineErase(
        session,
        request,
        entry,
        version,
        name,
        filter,
        replacement,
        new SharedQuarantines(
            publish,
            version.major(),
            () ->
                QuarantinedRowIds.matching(
                    session.files(), table, filter, publish.deadline(), action),
            List.of()),
        publish.deadline());
  }

  private StoredReceipt run() {
    Optional<StoredReceipt> earlier = PublishReceipts.replay(session, request);
    return earlier.isPresent() ? earlier.get() : commit();
  }

  private PublishPlan plan() {
    Optional<StoredReceipt> earlier = PublishReceipts.replay(session, request);
    if (earlier.isPresent()) {
      return PublishPlanResult.ofReplay(earlier.get());
    }
    checkRuleIds();
    return new PublishPlanResult(
        request.product(),
        version.version(),
        request.intent().mode(),
        Optional.empty(),
        RowIngestion.Result.ofNoRows().verdict().report(),
        List.of(),
        replacement.prepare(),
        0,
        Optional.empty());
  }

  private void checkRuleIds() {
    QuarantineRuleIds.check(
        session, request.product(), version, replacement.base(), filter, action());
  }

  private StoredReceipt commit() {
    checkRuleIds();
    StoredReceipt receipt;
    try {
      replacement.prepare();
      others.prepare();
      receipt = session.ledger().commit(this, deadline);
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      discard();
      throw e;
    }
    if (receipt.replayed()) {
      discard();
    } else {
      replacement.discardAllBut(files);
      others.committed();
    }
    return receipt;
  }

  private void discard() {
    replacement.discard();
    others.discard();
  }

  @Override
  protected CommitDraft<StoredReceipt> newDraft(Ledger.Attempt attempt) {
    CommitDraft<StoredReceipt> draft = begin("quarantine.erased");
    TableDraft table = session.tables().draft(name, attempt);
    RowReplacement.Result result =
        replacement.update(table, List.of(), files -> request.summary(version.version()));
    files = result.files();
    table.stage(draft);
    others.addTo(draft, attempt, request);
    StoredReceipt receipt =
        new StoredReceipt(
            request.publishId(),
            request.idempotencyKey(),
            request.product(),
            request.major(),
            version.version(),
            Optional.empty(),
            OptionalLong.empty(),
            RowIngestion.Result.ofNoRows().verdict().report(),
            request.intent(),
            result.rowsRemoved(),
            0,
            Optional.empty(),
            0,
            0,
            attempt.now(),
            false);
    PublishReceipts.add(draft, receipt, request.fingerprint(), attempt.sequence());
    return draft
        .details(
            new EventDetails.QuarantineErasure(
                receipt.publishId(),
                receipt.major(),
                receipt.rowsRemoved(),
                request.intent().scopeHash(),
                request.intent().reason()))
        .result(receipt);
  }
}
