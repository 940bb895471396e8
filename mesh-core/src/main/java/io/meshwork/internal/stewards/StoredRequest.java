package io.meshwork.internal.stewards;

import io.meshwork.internal.catalog.OutsideApproval;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.StewardRequest;
import io.meshwork.rollout.StewardRequest.Kind;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A request to the stewards with its document and its approval. Immutable.
 *
 * @param approval the document of the approval; empty if no steward approved it whose approval
 *     counts
 */
public record StoredRequest(
    StewardRequestEntry entry, VersionedDocument stored, Optional<VersionedDocument> approval) {
  /** All requests about a product that are still open, the newest last. */
  static List<StoredRequest> open(ClientSession session, ProductName product) {
    return session
        .ledger()
        .list(RegistryKeys.partition(product), RegistryKeys.STEWARD_REQUESTS)
        .stream()
        .filter(stored -> StewardRequestEntry.of(stored).isOpen())
        .map(stored -> of(session, stored))
        .sorted(Comparator.comparing(each -> each.entry().id()))
        .toList();
  }

  /** The open requests of one kind about a rollout; 0 for requests about no rollout. */
  public static List<StoredRequest> open(
      ClientSession session, ProductName product, Kind kind, int rollout) {
    return open(session, product).stream()
        .filter(each -> each.entry().kind() == kind && each.entry().rollout() == rollout)
        .toList();
  }

  private static StoredRequest of(ClientSession session, VersionedDocument stored) {
    StewardRequestEntry entry = StewardRequestEntry.of(stored);
    return new StoredRequest(entry, stored, approval(session, entry));
  }

  /** The document of the approval that counts. */
  static Optional<VersionedDocument> approval(ClientSession session, StewardRequestEntry entry) {
    return OutsideApproval.find(
        session.ledger(),
        session.catalog().governanceOf(RegistryKeys.partition(entry.product())),
        entry.product(),
        entry.id(),
        entry.at());
  }

  static Key approvalKey(ClientSession session, ProductName product, String id) {
    return RegistryKeys.stewardApproval(
        session.catalog().governanceOf(RegistryKeys.partition(product)), product, id);
  }

  /** Completes it in a transaction. */
  public void complete(CommitDraft<?> draft, Instant at) {
    draft.replace(stored, entry.completed(at).toDocument(Optional.of(stored)));
  }

  /** The steward who approved it; empty if none did. */
  public Optional<Principal> approvedBy() {
    return approval.map(stored -> OutsideApproval.of(stored).by());
  }

  /**
   * The requests about a product that wait for a steward, oldest first, as the caller sees them.
   */
  public static List<StoredRequest> pending(ClientSession session, ProductName product) {
    return open(session, product).stream().filter(each -> each.request().isPending()).toList();
  }

  /** The public form. */
  StewardRequest request() {
    return entry.request(approvedBy());
  }

  /**
   * The public form, as the caller sees it: the owner and the stewards see the reason and all
   * consumers that it concerns, the requester sees the reason, and others see the consumers of
   * their own domain.
   */
  public StewardRequest visibleTo(ClientSession session) {
    if (session.catalog().seesAllRollouts(entry.product())) {
      return request();
    }
    Optional<String> own =
        session
            .catalog()
            .findAccount(session.principal().account())
            .map(account -> account.domain() + "/");
    return entry
        .visibleTo(
            session.principal(),
            entry.consumers().stream()
                .filter(consumer -> own.filter(consumer::startsWith).isPresent())
                .toList())
        .request(approvedBy());
  }
}
