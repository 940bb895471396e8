package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SingleChange;
import io.meshwork.operation.Operation;
import io.meshwork.request.AccessRequest;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes an open request of the caller's domain. Every role of the domain may do this, because the
 * requester may have left. For one thread; committed once.
 */
final class SentRequestChange implements Operation<AccessRequest> {
  private final ClientSession session;
  private final String id;
  private final MeshAction action;
  private final MeshEvent.Type event;
  private final Optional<String> text;
  private final BiConsumer<RequestQueue, RequestState> rule;
  private final UnaryOperator<RequestEntry> edit;
  private final SingleChange<AccessRequest> change;

  private SentRequestChange(
      ClientSession session,
      String id,
      MeshAction action,
      MeshEvent.Type event,
      Optional<String> text,
      BiConsumer<RequestQueue, RequestState> rule,
      UnaryOperator<RequestEntry> edit) {
    this.session = session;
    this.id = id;
    this.action = action;
    this.event = event;
    this.text = text;
    this.rule = rule;
    this.edit = edit;
    this.change = new SingleChange<>(session, action);
  }

  /** Answers the question about a request. */
  static SentRequestChange answer(
      ClientSession session, @Nullable String id, @Nullable String answer) {
    String request = RequestQueue.requireId(id);
    String text = ArgumentChecks.text("answer", answer);
    return new SentRequestChange(
        session,
        request,
        MeshAction.of(Verb.ANSWER, "on request " + request),
        MeshEvent.Type.ACCESS_ANSWERED,
        Optional.of(text),
        RequestQueue::requireOpenQuestion,
        entry -> entry.withAnswer(text));
  }

  /** Withdraws a request. A second withdrawal changes nothing. */
  static SentRequestChange withdrawal(ClientSession session, @Nullable String id) {
    String request = RequestQueue.requireId(id);
    return new SentRequestChange(
        session,
        request,
        MeshAction.of(Verb.WITHDRAW, "request " + request),
        MeshEvent.Type.ACCESS_WITHDRAWN,
        Optional.empty(),
        (queue, state) -> {},
        RequestEntry::asWithdrawn);
  }

  @Override
  public AccessRequest commit() {
    return change.commit(
        this::draft,
        () -> new RequestQueue(session, action).requireSent(id).stored().key().partition());
  }

  private CommitDraft<AccessRequest> draft(Ledger.Attempt attempt) {
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
        CommitDraft.<AccessRequest>of(
                event.text(), session.principal(), request.product().toString())
            .details(
                new EventDetails.AccessReply(
                    id, request.domain(), views.product(request.product()).risk(request), text));
    draft.replace(state.stored(), written.json());
    state.requireUndecided(draft);
    return draft.result(
        views.of(RequestState.open(request, written, state.decisions()), attempt.clock()));
  }
}
