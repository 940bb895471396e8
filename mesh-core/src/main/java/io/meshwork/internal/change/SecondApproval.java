package io.meshwork.internal.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The second approval of a contract that reduces protection: one decider of the domain proposes it,
 * and it takes effect when another one commits the same contract on the same current one. The log
 * records each proposal. Immutable.
 *
 * @param key the key of the stored proposal
 * @param stored the last proposal; empty if there is none
 * @param proposal the proposal of this principal
 * @param repeated true if this principal proposed the same before, and the proposal is valid
 * @param approvedBy the other decider that proposed the same; empty if there is none
 */
record SecondApproval(
    Key key,
    Optional<VersionedDocument> stored,
    Proposal proposal,
    boolean repeated,
    Optional<Principal> approvedBy) {
  /** How long a proposal is valid. */
  private static final Duration VALIDITY = Duration.ofDays(30);

  /**
   * A stored proposal.
   *
   * @param contract identifies the current contract
   * @param next the fingerprint of the proposed one
   */
  record Proposal(Principal by, String contract, String next, Instant at) {
    boolean isSame(Proposal later) {
      return contract.equals(later.contract)
          && next.equals(later.next)
          && later.at.isBefore(at.plus(VALIDITY));
    }
  }

  static SecondApproval of(
      ClientSession session, ProductName product, VersionEntry current, String fingerprint) {
    Key key = RegistryKeys.proposedAmendment(product, current.major());
    VersionedDocument contract = current.contractStored();
    Optional<VersionedDocument> stored = session.ledger().read(key);
    Principal own = session.principal();
    Proposal proposal =
        new Proposal(
            own,
            contract.key() + "@" + contract.version() + "@" + current.contract().fingerprint(),
            fingerprint,
            session.runtime().clock().instant());
    Optional<Principal> sameBy =
        stored
            .map(DocumentCodec.of(Proposal.class)::read)
            .filter(earlier -> earlier.isSame(proposal))
            .map(Proposal::by);
    return new SecondApproval(
        key,
        stored,
        proposal,
        sameBy.filter(own::equals).isPresent(),
        sameBy.filter(by -> !by.equals(own)).filter(by -> isDecider(session, product, by)));
  }

  /** True if the principal is a decider of the product's domain. */
  static boolean isDecider(ClientSession session, ProductName product, Principal principal) {
    DomainEntry domain =
        session
            .catalog()
            .requireDomain(
                product.domain(), MeshAction.of(Verb.FIND, "the approvers for " + product));
    return session.catalog().roles(domain).isDecider(principal);
  }

  boolean isMissing() {
    return approvedBy.isEmpty();
  }

  void store(CommitDraft<?> draft) {
    ObjectNode json = DocumentCodec.of(Proposal.class).write(proposal, stored);
    stored.ifPresentOrElse(last -> draft.replace(last, json), () -> draft.insert(key, json));
  }
}
