package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SingleChange;
import io.meshwork.request.AccessRequest;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** Changes an open request of the caller's domain. */
final class SentRequestChange {
  private final ClientSession session;
  private final String id;
  private final MeshAction action;
  private final SingleChange<AccessRequest> change;

  SentRequestChange(ClientSession session, String id, MeshAction action) {
    this.session = session;
    this.id = id;
    this.action = action;
    this.change = new SingleChange<>(session, action);
  }

  /**
   * Commits the change.
   *
   * @param event the event type for the log
   * @param text the text for the log; empty if there is none
   * @param rule rejects open requests that cannot be changed like this
   * @param edit returns the changed request; an equal one if nothing changes
   */
  AccessRequest commit(
      String event,
      Optional<String> text,
      BiConsumer<RequestQueue, RequestState> rule,
      UnaryOperator<RequestEntry> edit) {
    return change.commit(
        attempt -> draft(attempt, event, text, rule, edit),
        () -> new RequestQueue(session, action).requireSent(id).stored().key().partition());
  }

  private CommitDraft<AccessRequest> draft(
      Ledger.Attempt attempt,
      String event,
      Optional<String> text,
      BiConsumer<RequestQueue, RequestState> rule,
      UnaryOperator<RequestEntry> edit) {
    RequestQueue queue = new RequestQueue(session, action);
    RequestState state = queue.requireSent(id);
    RequestEntry request = edit.apply(state.request());
    RequestViews views = new RequestViews(session, action);
    boolean isUnchanged = request.equals(state.request()) && state.question().isEmpty();
    if (isUnchanged && state.outcome().isEmpty()) {
      return CommitDraft.unchanged(views.of(state, attempt.clock()));
    }
    queue.requireOpen(state, attempt.clock());
    rule.accept(queue, state);
    VersionedDocument written =
        new VersionedDocument(state.stored().key(), request.json(), attempt.id());
    CommitDraft<AccessRequest> draft =
        CommitDraft.<AccessRequest>of(event, session.principal(), request.product().toString())
            .details(
                new EventDetails.AccessReply(
                    id, request.domain(), views.product(request.product()).risk(request), text));
    draft.replace(state.stored(), written.json());
    state.requireUndecided(draft);
    return draft.result(
        views.of(RequestState.open(request, written, state.decisions()), attempt.clock()));
  }
}
