package io.meshwork.internal.suggestions;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.request.Suggestion;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the suggestions that a principal may answer, withdraw, or see. For one thread. */
final class SuggestionFinder {
  private static final int UUID_LENGTH = 36;

  private final ClientSession session;
  private final MeshAction action;
  private final SuggestionDocuments documents;

  SuggestionFinder(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
    this.documents = new SuggestionDocuments(session.ledger(), session.catalog());
  }

  /** Returns the caller's domain. */
  String callerDomain() {
    return session.authorizer().requireOwnDomain(action).domain();
  }

  /** Returns the suggestions to the caller's domain. */
  List<Suggestion> received() {
    return views(documents.to(callerDomain()));
  }

  /** Returns the suggestions of the caller's domain. */
  List<Suggestion> sent() {
    return views(documents.of(callerDomain()));
  }

  List<AnsweredSuggestion> sentBy(String domain, ProductName product) {
    return documents.of(domain, product);
  }

  /** Returns open suggestions first, and older ones before newer ones. */
  private List<Suggestion> views(List<AnsweredSuggestion> suggestions) {
    return suggestions.stream()
        .<Suggestion>map(each -> each.seenWith(session.catalog()))
        .sorted(
            Comparator.comparing((Suggestion each) -> !each.isOpen())
                .thenComparing(Suggestion::suggestedAt)
                .thenComparing(Suggestion::id))
        .toList();
  }

  /**
   * Returns a suggestion that the caller may answer.
   *
   * @throws AccessDeniedException if another domain or role answers it
   * @throws NotFoundException if the suggestion does not exist
   */
  AnsweredSuggestion requireAnswerable(String id) {
    String domain = callerDomain();
    AnsweredSuggestion suggestion =
        documents
            .find(domain, id)
            .orElseThrow(
                () ->
                    documents
                        .findSent(domain, id)
                        .map(AnsweredSuggestion::entry)
                        .<MeshException>map(this::notOwner)
                        .orElseGet(
                            () -> notFound(id, "its domain received", "suggestions().received()")));
    session.authorizer().requireDecider(suggestion.entry().product(), action);
    return suggestion;
  }

  /**
   * Returns a suggestion of the caller's domain.
   *
   * @throws NotFoundException if the suggestion does not exist
   */
  AnsweredSuggestion requireSent(String id) {
    return documents
        .findSent(callerDomain(), id)
        .orElseThrow(() -> notFound(id, "its domain sent", "suggestions().sent()"));
  }

  /**
   * Requires a suggestion that is open or accepted.
   *
   * @throws ConflictException otherwise; the message names the state
   */
  static void requireOpen(AnsweredSuggestion suggestion, MeshAction action) {
    Suggestion.State state = suggestion.state();
    if (state != Suggestion.State.OPEN && state != Suggestion.State.ACCEPTED) {
      throw Failure.of(action)
          .because(
              "it is "
                  + state
                  + (state == Suggestion.State.WITHDRAWN
                      ? ""
                      : suggestion.deliveredIn().map(SuggestionFinder::in).orElse("")
                          + suggestion.lastAnswer().map(last -> " by " + last.by()).orElse("")))
          .fix(
              "Send another suggestion with suggestions().suggest(\""
                  + suggestion.entry().product()
                  + "\") if one is needed.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }

  private static String in(ContractVersion version) {
    return " in " + version;
  }

  private AccessDeniedException notOwner(SuggestionEntry entry) {
    String owner = entry.product().domain();
    Optional<String> contact =
        session.catalog().findDomain(owner).map(domain -> domain.domain().steward());
    return session.denied(
        entry.product().toString(),
        action,
        Failure.of(action.on("as " + session.principal()))
            .because(
                "it is a suggestion for "
                    + entry.product()
                    + ", which only accounts of domain '"
                    + owner
                    + "' answer")
            .fix(
                "Ask "
                    + contact.orElse(owner)
                    + ", or withdraw it with suggestions().withdraw(..).")
            .accessDenied(
                ErrorCode.NOT_OWNER,
                "the answer of domain '" + owner + "'",
                contact.stream().toList()));
  }

  private NotFoundException notFound(String id, String relation, String listedBy) {
    return Failure.of(action.on("as " + session.principal()))
        .because(
            "there is no such suggestion that "
                + relation
                + (id.length() == UUID_LENGTH ? "" : ", and this is not the ID of a suggestion"))
        .fix("Take an ID from " + listedBy + ".")
        .notFound(ErrorCode.NOT_FOUND);
  }
}
