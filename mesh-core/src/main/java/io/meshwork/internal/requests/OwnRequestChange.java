package io.meshwork.internal.requests;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.request.AccessRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** Changes a request of the caller's domain, as long as nothing is settled. */
final class OwnRequestChange {
  private final ClientSession session;
  private final String id;
  private final MeshAction action;
  private final RequestChange change;

  OwnRequestChange(ClientSession session, String id, MeshAction action) {
    this.session = session;
    this.id = id;
    this.action = action;
    this.change = new RequestChange(session, action);
  }

  /**
   * Does it.
   *
   * @param event how the log calls it
   * @param text what is said with it, for the log
   * @param rule refuses an open request that this cannot be done with
   * @param how gives the request as it is then; the same if it is so already
   */
  AccessRequest commit(
      String event,
      Optional<String> text,
      BiConsumer<RequestQueue, RequestState> rule,
      UnaryOperator<RequestEntry> how) {
    return change.commit(
        attempt -> draft(attempt, event, text, rule, how),
        () -> new RequestQueue(session, action).openQuestion(id).stored().key().partition());
  }

  private CommitDraft<AccessRequest> draft(
      Ledger.Attempt attempt,
      String event,
      Optional<String> text,
      BiConsumer<RequestQueue, RequestState> rule,
      UnaryOperator<RequestEntry> how) {
    RequestQueue desk = new RequestQueue(session, action);
    RequestState standing = desk.openQuestion(id);
    RequestEntry request = how.apply(standing.request());
    RequestViews views = new RequestViews(session, action);
    boolean isSo = request.equals(standing.request()) && standing.question().isEmpty();
    if (isSo && standing.outcome().isEmpty()) {
      return CommitDraft.unchanged(views.of(standing, attempt.clock()));
    }
    desk.requireOpen(standing, attempt.clock());
    rule.accept(desk, standing);
    VersionedDocument written =
        new VersionedDocument(standing.stored().key(), request.json(), attempt.id());
    CommitDraft<AccessRequest> draft =
        RequestQueue.draft(session, event, request, views.product(request.product()));
    text.ifPresent(said -> draft.detail("text", said));
    draft.replace(standing.stored(), written.json());
    draft.checkAbsent(RegistryKeys.finalDecision(request.product(), id));
    return draft.result(
        views.of(
            new RequestState(request, written, standing.decisions(), Optional.empty(), List.of()),
            attempt.clock()));
  }
}
