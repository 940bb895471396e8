package io.meshwork.internal.publish;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.product.ContractVersion;
import io.meshwork.publish.PublishMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A change of a product's rows under an idempotency key: the receipt of an earlier one settles it,
 * else the owner makes it, provided that key and fence are free and that product and state stay as
 * they were read.
 */
abstract class KeyedChange implements Ledger.Change<StoredReceipt> {
  final ClientSession session;
  final PublishRequest request;
  final ProductEntry entry;
  final VersionEntry version;

  KeyedChange(
      ClientSession session, PublishRequest request, ProductEntry entry, VersionEntry version) {
    this.session = session;
    this.request = request;
    this.entry = entry;
    this.version = version;
  }

  @Override
  public final MeshAction action() {
    return request.action();
  }

  @Override
  public final String partition() {
    return RegistryKeys.partition(request.product());
  }

  @Override
  public final String idempotencyKey() {
    return request.idempotencyKey();
  }

  @Override
  public final CommitDraft<StoredReceipt> draft(Ledger.Attempt attempt) {
    Optional<StoredReceipt> earlier = PublishReceipts.replay(session, request);
    return earlier.isPresent() ? CommitDraft.unchanged(earlier.get()) : draftAnew(attempt);
  }

  /** The draft of a change whose key is free. */
  abstract CommitDraft<StoredReceipt> draftAnew(Ledger.Attempt attempt);

  /** A draft with what all of them check. */
  final CommitDraft<StoredReceipt> begin(String event) {
    checkContractStands();
    DomainEntry owner = session.authorizer().requireOwner(request.product().domain(), action());
    CommitDraft<StoredReceipt> draft =
        CommitDraft.of(event, session.principal(), request.product().toString());
    draft
        .check(owner.stored())
        .check(entry.stored())
        .check(version.majorStored())
        .check(version.contractStored())
        .checkAbsent(RegistryKeys.fence(request.product(), request.publishId()));
    return draft;
  }

  /** Rows were checked against one contract and state; another one now asks for another check. */
  private void checkContractStands() {
    ProductEntry productNow = session.catalog().requireProduct(request.product(), action());
    VersionEntry now =
        session.catalog().requireVersion(request.product(), request.major(), action());
    if (!productNow.stored().version().equals(entry.stored().version())
        || !now.majorStored().version().equals(version.majorStored().version())
        || !now.contractStored().version().equals(version.contractStored().version())) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + action()
              + ": the product or its contract "
              + version.version()
              + " was changed while rows were being checked. Nothing was "
              + (request.intent().mode() == PublishMode.ROLLBACK ? "changed" : "published")
              + ". Run it again"
              + " with the same key.");
    }
  }

  /** What the snapshot says of itself. */
  final Map<String, String> summary(ContractVersion contract) {
    Map<String, String> summary = new LinkedHashMap<>(request.intent().summary());
    summary.put(TableSnapshots.PRODUCT, request.product().toString());
    summary.put(TableSnapshots.PUBLISH_ID, request.publishId());
    summary.put(TableSnapshots.KEY_HASH, RegistryKeys.sha256(request.idempotencyKey()));
    summary.put(TableSnapshots.CONTRACT_VERSION, contract.toString());
    return summary;
  }
}
