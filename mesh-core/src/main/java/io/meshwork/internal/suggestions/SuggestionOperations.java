package io.meshwork.internal.suggestions;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.product.ProductName;
import io.meshwork.request.Suggestion;
import io.meshwork.request.SuggestionClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends, lists, answers, and withdraws suggestions as the principal of a session. Thread-safe. */
public final class SuggestionOperations implements SuggestionClient {
  private final ClientSession session;

  /** Creates it for a session. */
  public SuggestionOperations(ClientSession session) {
    this.session = session;
  }

  @Override
  public Suggest suggest(@Nullable CharSequence product) {
    return SuggestionCreation.of(session, product);
  }

  /**
   * Returns the suggestions that a rollout of a product delivers, and that were not delivered when
   * they were answered.
   */
  public static List<Suggestion> deliveredBy(
      Ledger ledger, Catalog catalog, ProductName product, int rollout) {
    return new SuggestionDocuments(ledger, catalog)
        .named(product, rollout).stream()
            .filter(each -> each.lastAnswer().flatMap(AnswerEntry::contractVersion).isEmpty())
            .filter(each -> !each.entry().withdrawn())
            .<Suggestion>map(each -> each.seenWith(catalog))
            .toList();
  }

  @Override
  public List<Suggestion> received() {
    return finder("suggestions").received();
  }

  @Override
  public List<Suggestion> sent() {
    return finder("own suggestions").sent();
  }

  private SuggestionFinder finder(String what) {
    MeshAction action = MeshAction.of(Verb.LIST, what);
    session.checkOpen(action);
    return new SuggestionFinder(session, action);
  }

  @Override
  public Accept accept(String id) {
    return new SuggestionAcceptance(session, requireId(id));
  }

  @Override
  public Operation.WithReason<Suggestion> decline(String id) {
    return new SuggestionRefusal(session, requireId(id));
  }

  @Override
  public Operation<Suggestion> withdraw(String id) {
    return new SuggestionWithdrawal(session, requireId(id));
  }

  private static String requireId(@Nullable String argument) {
    return ArgumentChecks.shortText(
        "id", argument, "Take an id from suggestions().received() or suggestions().sent().");
  }
}
