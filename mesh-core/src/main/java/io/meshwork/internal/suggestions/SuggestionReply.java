package io.meshwork.internal.suggestions;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SingleChange;
import io.meshwork.registry.Registry.Key;
import io.meshwork.request.Suggestion;
import java.util.Optional;

/** Writes the owner's answer to a suggestion. For one thread; committed once. */
final class SuggestionReply {
  private final ClientSession session;
  private final String id;
  private final MeshAction action;
  private final SingleChange<Suggestion> change;

  SuggestionReply(ClientSession session, String id) {
    this.session = session;
    this.id = id;
    this.action = MeshAction.of(Verb.ANSWER, "suggestion " + id);
    this.change = new SingleChange<>(session, action);
  }

  MeshAction action() {
    return action;
  }

  /** Creates the answer to a suggestion, as read. */
  @FunctionalInterface
  interface Author {
    AnswerEntry write(AnsweredSuggestion suggestion, Ledger.Attempt attempt);
  }

  Suggestion commit(Author author) {
    return change.commit(
        attempt -> draft(attempt, author),
        () -> RegistryKeys.partition(suggestion().entry().product()));
  }

  private AnsweredSuggestion suggestion() {
    return new SuggestionFinder(session, action).requireAnswerable(id);
  }

  private CommitDraft<Suggestion> draft(Ledger.Attempt attempt, Author author) {
    AnsweredSuggestion suggestion = suggestion();
    SuggestionEntry entry = suggestion.entry();
    AnswerEntry answer = author.write(suggestion, attempt);
    if (suggestion.lastAnswer().filter(answer::hasSameTermsAs).isPresent()) {
      return CommitDraft.unchanged(suggestion.seenWith(session.catalog()));
    }
    SuggestionFinder.requireOpen(suggestion, action);
    Key key = RegistryKeys.suggestionAnswer(entry.product(), id);
    VersionedDocument written = new VersionedDocument(key, answer.json(), attempt.id());
    Optional<VersionedDocument> rollout =
        answer.rollout().isPresent()
            ? session
                .ledger()
                .read(RegistryKeys.rollout(entry.product(), answer.rollout().getAsInt()))
            : Optional.empty();
    AnsweredSuggestion answered =
        new AnsweredSuggestion(entry, suggestion.stored(), Optional.of(written), rollout);
    CommitDraft<Suggestion> draft = logged(answered, answer);
    suggestion
        .answer()
        .ifPresentOrElse(
            last -> draft.replace(last, written.json()), () -> draft.insert(key, written.json()));
    suggestion.requireUnchanged(draft);
    rollout.ifPresent(draft::check);
    answer
        .contractVersion()
        .flatMap(version -> session.ledger().read(RegistryKeys.contract(entry.product(), version)))
        .ifPresent(draft::check);
    draft.check(session.catalog().requireDomain(entry.product().domain(), action).stored());
    return draft.result(answered.seenWith(session.catalog()));
  }

  private CommitDraft<Suggestion> logged(AnsweredSuggestion answered, AnswerEntry answer) {
    SuggestionEntry entry = answered.entry();
    return CommitDraft.<Suggestion>of(
            MeshEvent.Type.SUGGESTION_ANSWERED.text(),
            session.principal(),
            entry.product().toString())
        .details(
            new EventDetails.SuggestionAnswer(
                id,
                entry.domain(),
                entry.requester().toString(),
                answered.state(),
                answer.because(),
                answer.rollout(),
                answer.contractVersion()));
  }
}
