package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.grants.DecisionEntry.Verdict;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SingleChange;
import io.meshwork.operation.Operation;
import io.meshwork.registry.Registry.Key;
import io.meshwork.request.AccessRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Denies a request, or asks a question about it. */
final class RequestDecision implements Operation.WithReason<AccessRequest> {
  private final ClientSession session;
  private final String id;
  private final @Nullable AccessRequest reviewed;
  private final Verdict verdict;
  private final MeshAction action;
  private final SingleChange<AccessRequest> change;
  private @Nullable String because;

  /**
   * Creates a decision.
   *
   * @param reviewed the reviewed request; null to decide on any revision
   */
  private RequestDecision(
      ClientSession session,
      String id,
      @Nullable AccessRequest reviewed,
      Verdict verdict,
      MeshAction action) {
    this.session = session;
    this.id = id;
    this.reviewed = reviewed;
    this.verdict = verdict;
    this.action = action;
    this.change = new SingleChange<>(session, action);
  }

  static RequestDecision deny(ClientSession session, @Nullable String id) {
    return denial(session, RequestQueue.requireId(id), null);
  }

  static RequestDecision deny(ClientSession session, @Nullable AccessRequest reviewed) {
    AccessRequest request = ArgumentChecks.required("request", reviewed);
    return denial(session, request.id(), request);
  }

  private static RequestDecision denial(
      ClientSession session, String id, @Nullable AccessRequest reviewed) {
    return new RequestDecision(
        session, id, reviewed, Verdict.DENIED, MeshAction.of(Verb.DENY, "request " + id));
  }

  static RequestDecision requestClarification(
      ClientSession session, @Nullable String argument, @Nullable String question) {
    String id = RequestQueue.requireId(argument);
    RequestDecision decision =
        new RequestDecision(
            session,
            id,
            null,
            Verdict.ASKED_BACK,
            MeshAction.of(Verb.REQUEST, "more information about access request " + id));
    decision.because = ArgumentChecks.text("question", question);
    return decision;
  }

  @Override
  public RequestDecision because(String text) {
    because = ArgumentChecks.text("because", text);
    return this;
  }

  @Override
  public AccessRequest commit() {
    String text =
        ArgumentChecks.requireReason(
            because, action, "Set the text; the other domain receives it.");
    return change.commit(
        attempt -> draft(attempt, text),
        () ->
            RegistryKeys.partition(
                new RequestQueue(session, action).requireDecidable(id).request().product()));
  }

  private CommitDraft<AccessRequest> draft(Ledger.Attempt attempt, String text) {
    RequestQueue queue = new RequestQueue(session, action);
    RequestState state = queue.requireDecidable(id);
    RequestEntry request = state.request();
    RequestViews views = new RequestViews(session, action);
    if (isDecidedAlready(state, text)) {
      return CommitDraft.unchanged(views.of(state, attempt.clock()));
    }
    queue.requireOpen(state, attempt.clock());
    queue.requireUnchanged(reviewed, views.of(state, attempt.clock()));
    RequestViews.RequestedProduct product = views.product(request.product());
    DecisionEntry decision =
        DecisionEntry.withoutGrant(
            verdict,
            session.principal(),
            state.stored().version(),
            product.contractVersion(),
            text);
    boolean isFinal = verdict == Verdict.DENIED;
    CommitDraft<AccessRequest> draft =
        CommitDraft.<AccessRequest>of(
                isFinal
                    ? MeshEvent.Type.ACCESS_DENIED.text()
                    : MeshEvent.Type.ACCESS_ASKED_BACK.text(),
                session.principal(),
                request.product().toString())
            .details(
                new EventDetails.AccessRequestDecision(
                    id,
                    request.domain(),
                    product.risk(request),
                    request.requester().toString(),
                    0,
                    Optional.of(text),
                    List.of()));
    draft.check(state.stored()).check(product.owner().stored());
    put(draft, RegistryKeys.decision(request.product(), id, session.principal()), decision);
    state.requireUndecided(draft);
    if (isFinal) {
      draft.insert(RegistryKeys.finalDecision(request.product(), id), decision.json());
    }
    return draft.result(
        views.of(
            state.with(decision, isFinal ? Optional.of(decision) : Optional.empty()),
            attempt.clock()));
  }

  /** Returns true if this is the last decision on the request already. */
  private boolean isDecidedAlready(RequestState state, String text) {
    Optional<DecisionEntry> last = verdict == Verdict.DENIED ? state.outcome() : state.question();
    return last.filter(each -> each.verdict() == verdict)
        .filter(each -> each.by().equals(session.principal()))
        .filter(each -> each.text().equals(Optional.of(text)))
        .isPresent();
  }

  private void put(CommitDraft<AccessRequest> draft, Key key, DecisionEntry decision) {
    Optional<VersionedDocument> existing = session.ledger().read(key);
    if (existing.isPresent()) {
      draft.replace(existing.get(), decision.json());
    } else {
      draft.insert(key, decision.json());
    }
  }
}
