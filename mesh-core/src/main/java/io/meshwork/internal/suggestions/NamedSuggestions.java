package io.meshwork.internal.suggestions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The suggestions that the start of a rollout names, as read. The transaction that starts the
 * rollout accepts them. Immutable.
 */
public final class NamedSuggestions {
  /** How many suggestions a rollout names at most: each takes up to three keys of a transaction. */
  public static final int MAX = 10;

  /** Where a caller finds IDs. */
  public static final String WHERE = "Take IDs from suggestions().received().";

  private final Principal owner;
  private final List<AnsweredSuggestion> suggestions;

  private NamedSuggestions(Principal owner, List<AnsweredSuggestion> suggestions) {
    this.owner = owner;
    this.suggestions = List.copyOf(suggestions);
  }

  /**
   * Reads the suggestions, and requires that the caller may accept them.
   *
   * @throws io.meshwork.error.NotFoundException if one does not exist
   * @throws io.meshwork.error.AccessDeniedException if another domain or role answers it
   * @throws io.meshwork.error.ConflictException if it is settled
   * @throws io.meshwork.error.InvalidRequestException if it is about another product
   */
  public static NamedSuggestions of(
      ClientSession session, ProductName product, List<String> ids, MeshAction action) {
    SuggestionFinder finder = new SuggestionFinder(session, action);
    return new NamedSuggestions(
        session.principal(), ids.stream().map(id -> require(finder, product, id, action)).toList());
  }

  private static AnsweredSuggestion require(
      SuggestionFinder finder, ProductName product, String id, MeshAction action) {
    AnsweredSuggestion suggestion = finder.requireAnswerable(id);
    ProductName about = suggestion.entry().product();
    if (!about.equals(product)) {
      throw Failure.of(action)
          .because("suggestion " + id + " is about " + about)
          .state("The rollout was not started.")
          .fix("Name suggestions about " + product + " only.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    SuggestionFinder.requireOpen(suggestion, action);
    return suggestion;
  }

  /** Adds the answers to the draft that starts a rollout, and their IDs to its log entry. */
  public void acceptIn(CommitDraft<?> draft, RolloutEntry rollout, Ledger.Attempt attempt) {
    for (AnsweredSuggestion suggestion : suggestions) {
      String id = suggestion.entry().id();
      ObjectNode answer =
          new AnswerEntry(
                  id,
                  true,
                  owner,
                  Optional.of(rollout.because()),
                  OptionalInt.of(rollout.number()),
                  Optional.empty(),
                  attempt.clock())
              .json();
      suggestion
          .answer()
          .ifPresentOrElse(
              last -> draft.replace(last, answer),
              () ->
                  draft.insert(
                      RegistryKeys.suggestionAnswer(suggestion.entry().product(), id), answer));
      suggestion.requireUnchanged(draft);
    }
    draft.details(
        new AcceptedSuggestions(suggestions.stream().map(each -> each.entry().id()).toList()));
  }

  /** The IDs of the accepted suggestions. */
  private record AcceptedSuggestions(List<String> suggestions) {}
}
