package io.meshwork.internal.suggestions;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.product.ContractVersion;
import io.meshwork.request.Suggestion.State;
import io.meshwork.rollout.Rollout;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A suggestion with its answer and the rollout that the answer names. Immutable.
 *
 * @param entry the suggestion
 * @param stored its document
 * @param answer the document of the answer; empty if there is none
 * @param rollout the document of the rollout; empty if none is named
 */
record AnsweredSuggestion(
    SuggestionEntry entry,
    VersionedDocument stored,
    Optional<VersionedDocument> answer,
    Optional<VersionedDocument> rollout) {

  Optional<AnswerEntry> lastAnswer() {
    return answer.map(AnswerEntry::of);
  }

  State state() {
    Optional<AnswerEntry> last = lastAnswer();
    if (last.isPresent() && !last.get().accepted()) {
      return State.DECLINED;
    } else if (entry.withdrawn()) {
      return State.WITHDRAWN;
    } else if (deliveredIn().isPresent()) {
      return State.DELIVERED;
    }
    return last.isPresent() ? State.ACCEPTED : State.OPEN;
  }

  /** Returns the version that the answer names, or the rollout's if consumers can read it. */
  Optional<ContractVersion> deliveredIn() {
    return lastAnswer()
        .flatMap(AnswerEntry::contractVersion)
        .or(() -> rollout.flatMap(AnsweredSuggestion::openedVersion));
  }

  /** Returns the new version of a rollout if consumers can read it. */
  static Optional<ContractVersion> openedVersion(VersionedDocument stored) {
    RolloutEntry rollout = RolloutEntry.of(stored);
    return switch (rollout.state()) {
      case PARALLEL, CLOSING, RETIRED, AMENDED -> Optional.of(rollout.contractVersion());
      case PLANNED, ANNOUNCED, ABORTED -> Optional.empty();
    };
  }

  /** Makes a commit fail if the suggestion is answered, withdrawn, or delivered before. */
  void requireUnchanged(CommitDraft<?> draft) {
    draft.check(stored);
    answer.ifPresentOrElse(
        draft::check,
        () -> draft.checkAbsent(RegistryKeys.suggestionAnswer(entry.product(), entry.id())));
    rollout.ifPresent(draft::check);
  }

  /** Returns it as a principal sees it. */
  SuggestionRecord seenWith(Catalog catalog) {
    Optional<AnswerEntry> last = lastAnswer();
    boolean isNamed =
        rollout
            .filter(each -> RolloutEntry.of(each).state() != Rollout.State.ABORTED)
            .filter(each -> catalog.isVisible(entry.product(), each))
            .isPresent();
    return new SuggestionRecord(
        entry.id(),
        entry.product(),
        entry.requester(),
        entry.domain(),
        entry.kind(),
        entry.columns(),
        entry.text(),
        state(),
        entry.suggestedAt(),
        last.map(AnswerEntry::by),
        last.map(AnswerEntry::at),
        last.flatMap(AnswerEntry::because),
        isNamed ? last.map(AnswerEntry::rollout).orElseThrow() : OptionalInt.empty(),
        state() == State.DELIVERED ? deliveredIn() : Optional.empty());
  }
}
