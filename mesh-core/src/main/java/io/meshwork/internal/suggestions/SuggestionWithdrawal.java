package io.meshwork.internal.suggestions;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SingleChange;
import io.meshwork.operation.Operation;
import io.meshwork.request.Suggestion;

/** Withdraws a suggestion of the caller's domain. For one thread; committed once. */
final class SuggestionWithdrawal implements Operation<Suggestion> {
  private final ClientSession session;
  private final String id;
  private final MeshAction action;
  private final SingleChange<Suggestion> change;

  SuggestionWithdrawal(ClientSession session, String id) {
    this.session = session;
    this.id = id;
    this.action = MeshAction.of(Verb.WITHDRAW, "suggestion " + id);
    this.change = new SingleChange<>(session, action);
  }

  @Override
  public Suggestion commit() {
    return change.commit(this::draft, () -> sent().stored().key().partition());
  }

  private AnsweredSuggestion sent() {
    return new SuggestionFinder(session, action).requireSent(id);
  }

  private CommitDraft<Suggestion> draft(Ledger.Attempt attempt) {
    AnsweredSuggestion suggestion = sent();
    if (suggestion.state() == Suggestion.State.WITHDRAWN) {
      return CommitDraft.unchanged(suggestion.seenWith(session.catalog()));
    }
    SuggestionFinder.requireOpen(suggestion, action);
    SuggestionEntry entry = suggestion.entry().asWithdrawn();
    VersionedDocument written =
        new VersionedDocument(suggestion.stored().key(), entry.json(), attempt.id());
    CommitDraft<Suggestion> draft =
        CommitDraft.<Suggestion>of(
                MeshEvent.Type.SUGGESTION_WITHDRAWN.text(),
                session.principal(),
                entry.product().toString())
            .details(new EventDetails.WithdrawnSuggestion(id, entry.domain()));
    draft.replace(suggestion.stored(), written.json());
    suggestion.requireUnchanged(draft);
    return draft.result(
        new AnsweredSuggestion(entry, written, suggestion.answer(), suggestion.rollout())
            .seenWith(session.catalog()));
  }
}
