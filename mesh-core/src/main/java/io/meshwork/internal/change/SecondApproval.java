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
 * What one decider proposed that a contract protects less, which holds once another decider of the
 * domain commits the same contract, of the same one in force. Each proposal is in the log, and so
 * is who proposed what then came in force. Immutable.
 *
 * @param key where it is kept
 * @param stored what somebody proposed last; empty if nobody did
 * @param wanted what is proposed now
 * @param repeated true if the same principal proposed the same before, and it holds still
 * @param agreedBy who proposed the same before; empty if somebody else has to do so first
 */
record SecondApproval(
    Key key,
    Optional<VersionedDocument> stored,
    ObjectNode wanted,
    boolean repeated,
    Optional<String> agreedBy) {
  /** How long it waits for another principal. */
  private static final Duration PATIENCE = Duration.ofDays(30);

  static SecondApproval of(
      ClientSession session, ProductName product, VersionEntry current, String fingerprint) {
    Key key = RegistryKeys.proposedAmendment(product, current.major());
    Optional<VersionedDocument> stored = session.ledger().read(key);
    Instant now = session.runtime().clock().instant();
    ObjectNode wanted =
        DocumentJson.create()
            .put("by", session.principal().toString())
            .put(
                "contract",
                current.contractStored().key() + "@" + current.contractStored().version())
            .put("next", fingerprint)
            .put("at", now.toString());
    Optional<String> sameBy =
        stored
            .map(VersionedDocument::json)
            .filter(other -> other.path("contract").equals(wanted.path("contract")))
            .filter(other -> other.path("next").equals(wanted.path("next")))
            .filter(other -> now.isBefore(Instant.parse(other.path("at").asText()).plus(PATIENCE)))
            .map(other -> other.path("by").asText());
    String own = session.principal().toString();
    return new SecondApproval(
        key,
        stored,
        wanted,
        sameBy.filter(own::equals).isPresent(),
        sameBy.filter(by -> !by.equals(own)).filter(by -> decides(session, product, by)));
  }

  /** True if this principal decides for the product's domain now. */
  static boolean decides(ClientSession session, ProductName product, Principal principal) {
    DomainEntry domain =
        session
            .catalog()
            .requireDomain(
                product.domain(), MeshAction.of(Verb.FIND, "the approvers for " + product));
    return session.catalog().roles(domain).isDecider(principal);
  }

  private static boolean decides(ClientSession session, ProductName product, String by) {
    String[] parts = by.split("/", 2);
    return decides(session, product, Principal.of(parts[0], parts[1]));
  }

  boolean isMissing() {
    return agreedBy.isEmpty();
  }

  /** Keeps the proposal, and changes nothing else. */
  void keep(CommitDraft<?> draft) {
    if (stored.isPresent()) {
      draft.replace(stored.get(), wanted);
    } else {
      draft.insert(key, wanted);
    }
  }
}
