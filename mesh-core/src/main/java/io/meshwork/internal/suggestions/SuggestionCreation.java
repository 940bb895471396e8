package io.meshwork.internal.suggestions;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.session.SingleChange;
import io.meshwork.product.ProductName;
import io.meshwork.request.Suggestion;
import io.meshwork.request.SuggestionClient;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class SuggestionCreation implements SuggestionClient.Suggest {
  /** The most suggestions of a domain for a product that wait for an answer. */
  static final int MOST_OPEN = 20;

  private static final int MOST_COLUMNS = 100;

  private final ClientSession session;
  private final ProductName product;
  private final MeshAction action;
  private final SingleChange<Suggestion> change;
  private final String id;
  private Suggestion.Kind kind = Suggestion.Kind.OTHER;
  private List<String> columns = List.of();
  private @Nullable String text;

  private SuggestionCreation(ClientSession session, ProductName product) {
    this.session = session;
    this.product = product;
    this.action = MeshAction.of(Verb.SUGGEST, "an improvement of " + product);
    this.change = new SingleChange<>(session, action);
    this.id = session.runtime().ids().next();
  }

  static SuggestionCreation of(ClientSession session, @Nullable CharSequence product) {
    return new SuggestionCreation(
        session,
        ResolvedProduct.forConsumer(
                session, product, MeshAction.of(Verb.SUGGEST, "an improvement of"))
            .product());
  }

  @Override
  public SuggestionCreation kind(Suggestion.Kind what) {
    kind = ArgumentChecks.required("kind", what);
    return this;
  }

  @Override
  public SuggestionCreation columns(String... names) {
    columns = ArgumentChecks.all("columns", names).stream().distinct().toList();
    if (columns.isEmpty() || columns.size() > MOST_COLUMNS) {
      throw ArgumentChecks.refused(
          "columns",
          "has " + columns.size() + " names",
          "Name 1 to " + MOST_COLUMNS + " columns, or omit the call.");
    }
    return this;
  }

  @Override
  public SuggestionCreation text(String words) {
    text = ArgumentChecks.text("text", words);
    return this;
  }

  @Override
  public Suggestion commit() {
    if (text == null) {
      throw rejected(
          ArgumentChecks.missing(List.of("text(..)")), "Set the text; the owner receives it.");
    }
    String words = text;
    return change.commit(
        attempt -> draft(attempt, words),
        () -> {
          session.catalog().requireProduct(product, action);
          return session.catalog().consumerPartition(callerDomain(), product.domain());
        });
  }

  private String callerDomain() {
    return session.authorizer().requireOwnDomain(action).domain();
  }

  private CommitDraft<Suggestion> draft(Ledger.Attempt attempt, String words) {
    ProductEntry current = session.catalog().requireProduct(product, action);
    DomainEntry owner = session.catalog().requireDomain(product.domain(), action);
    if (owner.domain().accounts().contains(session.principal().account())) {
      throw rejected(
          "it acts for domain '" + product.domain() + "', which owns the product",
          "Amend the product, or roll out another contract.");
    }
    List<VersionEntry> versions = visibleVersions(current);
    SuggestionEntry entry =
        new SuggestionEntry(
            id,
            product,
            session.principal(),
            callerDomain(),
            kind,
            new SuggestedColumns(kind, columns).in(versions, action),
            words,
            false,
            attempt.clock());
    List<AnsweredSuggestion> open =
        new SuggestionFinder(session, action)
            .sentBy(entry.domain(), product).stream()
                .filter(each -> each.state() == Suggestion.State.OPEN)
                .toList();
    Optional<AnsweredSuggestion> same =
        open.stream().filter(each -> each.entry().hasSameTermsAs(entry)).findFirst();
    if (same.isPresent()) {
      return CommitDraft.unchanged(same.get().seenWith(session.catalog()));
    }
    requireFewOpen(open.size());
    String partition = session.catalog().consumerPartition(entry.domain(), product.domain());
    VersionedDocument written =
        new VersionedDocument(
            RegistryKeys.suggestion(partition, product.domain(), id), entry.json(), attempt.id());
    CommitDraft<Suggestion> draft = logged(entry);
    draft.insert(written.key(), written.json());
    draft.checkAbsent(RegistryKeys.suggestionAnswer(product, id));
    draft.check(current.stored()).check(owner.stored());
    versions.forEach(version -> draft.check(version.majorStored()));
    return draft.result(
        new AnsweredSuggestion(entry, written, Optional.empty(), Optional.empty())
            .seenWith(session.catalog()));
  }

  /** Returns the major versions in use that the caller sees. */
  private List<VersionEntry> visibleVersions(ProductEntry current) {
    List<Integer> majors = session.catalog().visibleMajors(product);
    return session.catalog().requireLiveMajors(current, action).stream()
        .filter(version -> majors.contains(version.major()))
        .toList();
  }

  private CommitDraft<Suggestion> logged(SuggestionEntry entry) {
    return CommitDraft.<Suggestion>of(
            MeshEvent.Type.SUGGESTION_MADE.text(), session.principal(), product.toString())
        .details(
            new EventDetails.SuggestedImprovement(
                id, entry.domain(), entry.kind(), entry.columns(), entry.text()));
  }

  private void requireFewOpen(int open) {
    if (open >= MOST_OPEN) {
      throw Failure.of(action.on("as " + session.principal()))
          .because("its domain has " + open + " open suggestions for the product")
          .state("Nothing was suggested.")
          .fix("Wait for an answer, or withdraw one that suggestions().sent() lists.")
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
    }
  }

  private InvalidRequestException rejected(String reason, String fix) {
    return Failure.of(action.on("as " + session.principal()))
        .because(reason)
        .state("Nothing was suggested.")
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
