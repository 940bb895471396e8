package io.meshwork.internal.rollout.start;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts a rollout of another contract. Not thread-safe.
 *
 * @param <P> its plan
 * @param <R> what starts
 */
abstract class StartOperation<P extends Plan<R>, R> extends ReviewedOperation<P, R> {
  final ProductName product;
  private @Nullable Contract contract;
  private @Nullable String reason;
  private @Nullable LocalDate retireAfter;
  private List<String> suggestions = List.of();

  StartOperation(ClientSession session, ProductName product) {
    super(session, MeshAction.of(Verb.ROLL_OUT, product));
    this.product = product;
  }

  /** Evaluates the current state. */
  abstract StartPlan<R> evaluate(StartTerms terms, boolean withDownstream);

  /** The plan for the caller. */
  abstract P plan(StartTerms terms);

  /** What the caller gets for the rollout. */
  abstract R result(RolloutEntry started);

  /** What the caller specified. */
  abstract StartTerms terms(Contract next, String because);

  final void setContract(Contract newContract) {
    contract = ArgumentChecks.required("contract", newContract);
    begin();
  }

  final void setReason(String text) {
    reason = ArgumentChecks.text("because", text);
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
    StartTerms terms = terms();
    named(terms);
    return plan(terms);
  }

  private NamedSuggestions named(StartTerms terms) {
    return NamedSuggestions.of(session, product, terms.suggestions(), action());
  }

  @Override
  protected final Supplier<R> prepare(@Nullable String reviewed) {
    StartTerms terms = terms();
    return () -> {
      StartChange change =
          new StartChange(
              session,
              product,
              () -> evaluate(terms, false),
              () -> named(terms),
              reviewed,
              action());
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

  private StartTerms terms() {
    List<String> missing = new ArrayList<>();
    if (contract == null) {
      missing.add("contract(..)");
    }
    if (reason == null) {
      missing.add("because(..)");
    }
    if (contract == null || reason == null) {
      throw Failure.of(action())
          .because(ArgumentChecks.missing(missing))
          .fix("Set the new contract, and the reason that consumers are shown.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return terms(contract, reason);
  }

  /**
   * What the caller of a rollout, or of an amendment, specified. Immutable.
   *
   * @param partitioning empty to keep the partitioning of the current major version
   * @param renamings the new paths of renamed columns by their old paths
   * @param retireAfter empty for the earliest possible day
   * @param excludedRows selects the rows that only the new major version has; empty for none
   * @param withoutHistory true if the new major version starts without rows
   * @param suggestions the IDs of the suggestions that it delivers
   */
  record StartTerms(
      Contract contract,
      Optional<List<Partition>> partitioning,
      Map<String, String> renamings,
      String because,
      Optional<LocalDate> retireAfter,
      Optional<String> excludedRows,
      boolean withoutHistory,
      List<String> suggestions) {
    StartTerms {
      partitioning = partitioning.map(List::copyOf);
      renamings = Map.copyOf(renamings);
      suggestions = List.copyOf(suggestions);
    }
  }
}
