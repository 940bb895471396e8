package io.meshwork.internal.receipts;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A change of a product's rows under an idempotency key. If a receipt exists under the key, the
 * change returns it; otherwise it commits, provided that neither the fence nor a newer version of
 * the product or its contract exists.
 */
public abstract class IdempotentChange implements Ledger.Change<StoredReceipt> {
  public final ClientSession session;
  public final PublishRequest request;
  protected final ProductEntry entry;
  public final VersionEntry version;
  private final List<VersionEntry> versions;

  protected IdempotentChange(
      ClientSession session, PublishRequest request, ProductEntry entry, VersionEntry version) {
    this(session, request, entry, List.of(version));
  }

  /**
   * Creates a change of several major versions.
   *
   * @param versions the current contracts, first the request's major version's
   */
  protected IdempotentChange(
      ClientSession session,
      PublishRequest request,
      ProductEntry entry,
      List<VersionEntry> versions) {
    this.session = session;
    this.request = request;
    this.entry = entry;
    this.version = versions.get(0);
    this.versions = List.copyOf(versions);
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
  public final Set<Key> fences() {
    return Set.of(RegistryKeys.fence(request.product(), request.publishId()));
  }

  /** Each reads the head of the log, and changes it. */
  @Override
  public final boolean conflictsWithOthers() {
    return true;
  }

  @Override
  public final CommitDraft<StoredReceipt> draft(Ledger.Attempt attempt) {
    Optional<StoredReceipt> earlier = PublishReceipts.replay(session, request);
    return earlier.isPresent() ? CommitDraft.unchanged(earlier.get()) : newDraft(attempt);
  }

  /** The draft of a change whose key is unused. */
  protected abstract CommitDraft<StoredReceipt> newDraft(Ledger.Attempt attempt);

  /** A draft with the checks that all changes share. */
  protected final CommitDraft<StoredReceipt> begin(String event) {
    DomainEntry owner = session.authorizer().requireOwner(request.product().domain(), action());
    CommitDraft<StoredReceipt> draft =
        CommitDraft.of(event, session.principal(), request.product().toString());
    draft.check(owner.stored()).check(requireSameProduct().stored());
    for (VersionEntry version : versions) {
      draft.check(requireSameContract(version).majorStored()).check(version.contractStored());
    }
    return draft;
  }

  /**
   * Requires that the product has not changed since the rows were checked. Another current major
   * version does not matter: the major versions of a publish are known when it starts. Publishes go
   * on while reads are suspended.
   */
  private ProductEntry requireSameProduct() {
    ProductEntry now = session.catalog().requireProduct(request.product(), action());
    if (!now.isSameForPublishes(entry)) {
      throw changed("the product was changed while the rows were checked");
    }
    return now;
  }

  /**
   * Requires that the contract against which the rows were checked is the current one, that the
   * state of the major version still allows the change, and that the same major versions are
   * published together.
   */
  private VersionEntry requireSameContract(VersionEntry before) {
    VersionEntry now =
        session
            .catalog()
            .requireFor(
                PublishEffects.use(request.intent().mode()),
                request.product(),
                before.major(),
                action());
    if (!now.publishedWith().equals(before.publishedWith())) {
      throw changed(
          "while the rows were checked, a rollout changed the major versions that a publish"
              + " writes: those besides "
              + before.major()
              + " are now "
              + now.publishedWith());
    }
    if (!now.version().equals(before.version())
        || !now.contractStored().version().equals(before.contractStored().version())) {
      throw changed(
          "the contract " + before.version() + " was changed while the rows were checked");
    }
    return now;
  }

  private ConflictException changed(String reason) {
    return Failure.of(action())
        .because(reason)
        .state(
            request.intent().mode() == PublishMode.ROLLBACK
                ? "Nothing was changed."
                : "Nothing was published.")
        .fix("Run it again.")
        .conflict(ErrorCode.CONFLICT);
  }
}
