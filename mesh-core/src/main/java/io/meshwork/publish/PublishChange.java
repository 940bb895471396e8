package io.meshwork.publish;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.Ingest;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The one transaction of a publish: both table pointers, the receipt and the log entry, provided
 * that the key and the fence are free and that contract and state are those that the rows were
 * checked against.
 */
final class PublishChange implements Ledger.Change<PublishReceipt> {
  private final Session session;
  private final Request request;
  private final ProductEntry entry;
  private final VersionEntry version;
  private final Ingest.Result written;

  PublishChange(
      Session session,
      Request request,
      ProductEntry entry,
      VersionEntry version,
      Ingest.Result written) {
    this.session = session;
    this.request = request;
    this.entry = entry;
    this.version = version;
    this.written = written;
  }

  @Override
  public String doing() {
    return request.doing();
  }

  @Override
  public String partition() {
    return Keys.partition(request.product());
  }

  @Override
  public String idempotencyKey() {
    return request.idempotencyKey();
  }

  @Override
  public Draft<PublishReceipt> draft(Ledger.Attempt attempt) {
    Optional<PublishReceipt> earlier = Receipts.replay(session, request);
    if (earlier.isPresent()) {
      return Draft.settled(earlier.get());
    }
    checkContractStands();
    DomainEntry owner = session.admission().actsFor(request.product().domain(), doing());
    Draft<PublishReceipt> draft =
        Draft.of("product.published", session.principal(), request.product().toString());
    draft
        .check(owner.stored())
        .check(entry.stored())
        .check(version.majorStored())
        .check(version.contractStored())
        .checkAbsent(Keys.fence(request.product(), request.publishId()));

    @Nullable Snapshot snapshot = append(draft, attempt, false, written.files());
    append(draft, attempt, true, written.quarantineFiles());

    PublishReceipt receipt = receipt(attempt, snapshot);
    Receipts.keep(draft, receipt, request.fingerprint(), attempt.sequence());
    draft
        .detail("publishId", receipt.publishId())
        .detail("major", receipt.major())
        .detail("contractVersion", receipt.contractVersion().toString())
        .detail("rowsAccepted", receipt.rowsAccepted())
        .detail("rowsQuarantined", receipt.quality().rowsQuarantined())
        .detail("files", receipt.files());
    receipt.snapshotId().ifPresent(id -> draft.detail("snapshotId", id));
    return draft.result(receipt);
  }

  private @Nullable Snapshot append(
      Draft<?> draft, Ledger.Attempt attempt, boolean quarantine, List<DataFileEntry> files) {
    if (files.isEmpty()) {
      return null;
    }
    TableDraft table =
        session
            .tables()
            .draft(new TableName(request.product(), request.major(), quarantine), attempt);
    table.append(files, summary()).stage(draft);
    return table.table().currentSnapshot();
  }

  private Map<String, String> summary() {
    return Map.of(
        TableSnapshots.PRODUCT,
        request.product().toString(),
        TableSnapshots.PUBLISH_ID,
        request.publishId(),
        "meshwork.key-hash",
        Keys.sha256(request.idempotencyKey()),
        "meshwork.mode",
        "append",
        TableSnapshots.CONTRACT_VERSION,
        version.version().toString());
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

  private PublishReceipt receipt(Ledger.Attempt attempt, @Nullable Snapshot snapshot) {
    return new PublishReceipt(
        request.publishId(),
        request.idempotencyKey(),
        request.product(),
        request.major(),
        version.version(),
        Optional.ofNullable(snapshot).map(made -> Long.toString(made.snapshotId())),
        snapshot == null ? 0 : snapshot.sequenceNumber(),
        written.judgement().report(),
        written.files().size(),
        written.files().stream().mapToLong(DataFileEntry::bytes).sum(),
        attempt.now(),
        false);
  }
}
