package io.meshwork.publish;

import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.product.ContractVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A change of a product's rows under an idempotency key: the receipt of an earlier one settles it,
 * else the owner makes it, provided that key and fence are free and that product and state stay as
 * they were read.
 */
abstract class KeyedChange implements Ledger.Change<PublishReceipt> {
  final Session session;
  final Request request;
  final ProductEntry entry;
  final VersionEntry version;

  KeyedChange(Session session, Request request, ProductEntry entry, VersionEntry version) {
    this.session = session;
    this.request = request;
    this.entry = entry;
    this.version = version;
  }

  @Override
  public final String doing() {
    return request.doing();
  }

  @Override
  public final String partition() {
    return Keys.partition(request.product());
  }

  @Override
  public final String idempotencyKey() {
    return request.idempotencyKey();
  }

  @Override
  public final Draft<PublishReceipt> draft(Ledger.Attempt attempt) {
    Optional<PublishReceipt> earlier = Receipts.replay(session, request);
    return earlier.isPresent() ? Draft.settled(earlier.get()) : draftAnew(attempt);
  }

  /** The draft of a change whose key is free. */
  abstract Draft<PublishReceipt> draftAnew(Ledger.Attempt attempt);

  /** A draft with what all of them check. */
  final Draft<PublishReceipt> begin(String event) {
    DomainEntry owner = session.admission().actsFor(request.product().domain(), doing());
    Draft<PublishReceipt> draft =
        Draft.of(event, session.principal(), request.product().toString());
    draft
        .check(owner.stored())
        .check(entry.stored())
        .check(version.majorStored())
        .checkAbsent(Keys.fence(request.product(), request.publishId()));
    return draft;
  }

  /** What the snapshot says of itself. */
  final Map<String, String> summary(ContractVersion contract) {
    Map<String, String> summary = new LinkedHashMap<>(request.intent().summary());
    summary.put(TableSnapshots.PRODUCT, request.product().toString());
    summary.put(TableSnapshots.PUBLISH_ID, request.publishId());
    summary.put(TableSnapshots.KEY_HASH, Keys.sha256(request.idempotencyKey()));
    summary.put(TableSnapshots.CONTRACT_VERSION, contract.toString());
    return summary;
  }
}
