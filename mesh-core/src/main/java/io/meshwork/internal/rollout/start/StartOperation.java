package io.meshwork.internal.rollout.start;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.internal.suggestions.NamedSuggestions;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts a rollout, of whatever kind. Not thread-safe.
 *
 * @param <T> what the caller specified
 * @param <P> its plan
 * @param <R> what starts
 */
abstract class StartOperation<T, P extends Plan<R>, R> extends ReviewedOperation<P, R> {
  final ProductName product;
  private @Nullable String reason;
  private @Nullable LocalDate retireAfter;
  private List<String> suggestions = List.of();

  StartOperation(ClientSession session, Verb verb, ProductName product) {
    super(session, MeshAction.of(verb, product));
    this.product = product;
  }

  /** What the caller specified, once it is complete. */
  abstract T terms();

  /** Evaluates the current state. */
  abstract StartPlan<R> evaluate(T terms, boolean withDownstream);

  /** The plan for the caller. */
  abstract P plan(T terms);

  /** What the caller gets for the rollout. */
  abstract R result(RolloutEntry started);

  final void setReason(String text) {
    reason = ArgumentChecks.text("because", text);
  }

  final @Nullable String reason() {
    return reason;
  }

  final void setRetireAfter(LocalDate date) {
    retireAfter = ArgumentChecks.date("retireAfter", date);
  }

  final Optional<LocalDate> chosenRetireAfter() {
    return Optional.ofNullable(retireAfter);
  }

  final void setSuggestions(String... ids) {
    List<String> named = ArgumentChecks.all("suggestions", ids).stream().distinct().toList();
    named.forEach(id -> ArgumentChecks.shortText("suggestions", id, NamedSuggestions.WHERE));
    if (named.size() > NamedSuggestions.MAX) {
      throw ArgumentChecks.refused(
          "suggestions",
          "names " + named.size() + " suggestions",
          "Name at most " + NamedSuggestions.MAX + ", and accept the others afterwards.");
    }
    suggestions = named;
  }

  final List<String> chosenSuggestions() {
    return suggestions;
  }

  @Override
  protected final P evaluate() {
    T terms = terms();
    named();
    return plan(terms);
  }

  private NamedSuggestions named() {
    return NamedSuggestions.of(session, product, suggestions, action());
  }

  @Override
  protected final Supplier<R> prepare(@Nullable String reviewed) {
    T terms = terms();
    return () -> {
      StartChange change =
          new StartChange(
              session, product, () -> evaluate(terms, false), this::named, reviewed, action());
      change.requireAllowed(evaluate(terms, false));
      MeshFormat.require(
          session.ledger(),
          MeshFormat.SEVERAL_MAJORS,
          session.principal(),
          action(),
          session.deadline());
      return result(session.commit(change));
    };
  }
}
