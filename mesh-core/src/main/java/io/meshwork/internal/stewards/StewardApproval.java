package io.meshwork.internal.stewards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.OutsideApproval;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.StewardRequest;
import java.util.Optional;

/** Approves a request of a product's owner, by a steward of another domain. Not thread-safe. */
final class StewardApproval implements Operation<StewardRequest>, Ledger.Change<StewardRequest> {
  private final ClientSession session;
  private final StewardRequest request;
  private final CommitGuard once;

  StewardApproval(ClientSession session, StewardRequest request) {
    this.session = session;
    this.request = request;
    this.once = CommitGuard.withoutKey(action());
  }

  @Override
  public StewardRequest commit() {
    return session.commit(once, this);
  }

  @Override
  public MeshAction action() {
    return MeshAction.of(
        Verb.APPROVE, "the request " + request.id() + " about " + request.product());
  }

  @Override
  public String partition() {
    return session.catalog().governanceOf(RegistryKeys.partition(request.product()));
  }

  @Override
  public CommitDraft<StewardRequest> draft(Ledger.Attempt attempt) {
    VersionedDocument steward = Stewards.requireSteward(session, action());
    DomainEntry owner = session.catalog().requireDomain(request.product().domain(), action());
    VersionedDocument stored =
        session
            .ledger()
            .read(RegistryKeys.stewardRequest(request.product(), request.id()))
            .orElseThrow(
                () ->
                    Failure.of(action())
                        .because("there is no such request")
                        .fix("List the requests with governance().pending(..).")
                        .notFound(ErrorCode.NOT_FOUND));
    StewardRequestEntry entry = StewardRequestEntry.of(stored);
    requireOtherDomain(owner, entry);
    Optional<VersionedDocument> earlier = StoredRequest.approval(session, entry);
    if (earlier.isPresent()) {
      return CommitDraft.unchanged(new StoredRequest(entry, stored, earlier).request());
    }
    requireUnchanged(entry);
    CommitDraft<StewardRequest> draft = StewardLog.approved(entry, session.principal());
    draft.check(stored).check(owner.stored());
    if (session.catalog().areInOneCatalog(partition(), RegistryKeys.MESH)) {
      draft.check(steward);
    }
    Key key = StoredRequest.approvalKey(session, request.product(), request.id());
    ObjectNode approval =
        DocumentCodec.document(
            new OutsideApproval(request.id(), session.principal(), attempt.now()));
    session
        .ledger()
        .read(key)
        .ifPresentOrElse(
            withoutEffect -> draft.replace(withoutEffect, approval),
            () -> draft.insert(key, approval));
    return draft.result(entry.request(Optional.of(session.principal())));
  }

  private void requireOtherDomain(DomainEntry owner, StewardRequestEntry entry) {
    boolean own =
        owner.hadAccountSince(session.principal().account(), entry.at())
            || entry.by().equals(session.principal());
    if (own) {
      throw Failure.of(action())
          .because(
              session.principal()
                  + (owner.domain().accounts().contains(session.principal().account())
                          || entry.by().equals(session.principal())
                      ? " belongs to the domain that requested it"
                      : " belonged to the domain that requested it, after the request"))
          .fix("Ask a steward of another domain.")
          .accessDenied(
              ErrorCode.ACCESS_DENIED,
              "the approval of a steward of another domain",
              Stewards.all(session).stream()
                  .filter(steward -> !owner.hadAccountSince(steward.account(), entry.at()))
                  .filter(steward -> !steward.equals(entry.by()))
                  .map(Principal::toString)
                  .toList());
    }
  }

  /** The steward approves what it was shown. */
  private void requireUnchanged(StewardRequestEntry entry) {
    if (!entry.isOpen() || !entry.request(Optional.empty()).equals(withoutApproval())) {
      throw Failure.of(action())
          .because(
              entry.isOpen()
                  ? "it differs from the one that you reviewed"
                  : "it was replaced or used already")
          .fix("List the requests with governance().pending(..), and review them again.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }

  private StewardRequest withoutApproval() {
    return new StewardRequestRecord(
        request.id(),
        request.product(),
        request.kind(),
        request.because(),
        request.majors(),
        request.consumers(),
        request.requestedBy(),
        request.requestedAt(),
        Optional.empty());
  }
}
