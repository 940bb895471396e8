package io.meshwork.internal.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
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
    ObjectNode proposal,
    boolean repeated,
    Optional<String> approvedBy) {
  /** How long a proposal is valid. */
  private static final Duration VALIDITY = Duration.ofDays(30);

  static SecondApproval of(
      ClientSession session, ProductName product, VersionEntry current, String fingerprint) {
    Key key = RegistryKeys.proposedAmendment(product, current.major());
    Optional<VersionedDocument> stored = session.ledger().read(key);
    Instant now = session.runtime().clock().instant();
    ObjectNode proposal =
        DocumentJson.create()
            .put("by", session.principal().toString())
            .put(
                "contract",
                current.contractStored().key()
                    + "@"
                    + current.contractStored().version()
                    + "@"
                    + current.contract().fingerprint())
            .put("next", fingerprint)
            .put("at", now.toString());
    Optional<String> sameBy =
        stored
            .map(VersionedDocument::json)
            .filter(other -> other.path("contract").equals(proposal.path("contract")))
            .filter(other -> other.path("next").equals(proposal.path("next")))
            .filter(other -> now.isBefore(Instant.parse(other.path("at").asText()).plus(VALIDITY)))
            .map(other -> other.path("by").asText());
    String own = session.principal().toString();
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

  private static boolean isDecider(ClientSession session, ProductName product, String by) {
    String[] parts = by.split("/", 2);
    return isDecider(session, product, Principal.of(parts[0], parts[1]));
  }

  boolean isMissing() {
    return approvedBy.isEmpty();
  }

  /** Stores the proposal. */
  void store(CommitDraft<?> draft) {
    if (stored.isPresent()) {
      draft.replace(stored.get(), proposal);
    } else {
      draft.insert(key, proposal);
    }
  }
}
