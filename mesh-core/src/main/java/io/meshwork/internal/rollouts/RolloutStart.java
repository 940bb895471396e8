package io.meshwork.internal.rollouts;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.internal.suggestions.NamedSuggestions;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.EndProduct;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.LeftOutRows;
import io.meshwork.rollout.RolloutPlan;
import io.meshwork.rollout.StartRollout;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts a rollout. Not thread-safe. */
final class RolloutStart extends ReviewedOperation<RolloutPlan, Rollout> implements StartRollout {
  private final ProductName product;
  private final Map<String, String> renamings = new TreeMap<>();
  private @Nullable Contract contract;
  private @Nullable List<Partition> partitioning;
  private @Nullable String reason;
  private @Nullable LocalDate retireAfter;
  private @Nullable LeftOutRows leftOut;
  private @Nullable String withoutHistory;
  private List<String> suggestions = List.of();

  RolloutStart(ClientSession session, ProductName product) {
    super(session, MeshAction.of(Verb.ROLL_OUT, product));
    this.product = product;
  }

  @Override
  public StartRollout contract(Contract newContract) {
    contract = ArgumentChecks.required("contract", newContract);
    begin();
    return this;
  }

  @Override
  public EndProduct withoutSuccessor() {
    return end(Optional.empty());
  }

  @Override
  public EndProduct succeededBy(CharSequence other, int major) {
    ProductName next = ProductName.of(other);
    if (next.equals(product)) {
      throw ArgumentChecks.refused(
          "product", "is the product that ends", "Set the new contract with contract(..).");
    }
    return end(Optional.of(new MajorVersion(next, major)));
  }

  private EndProduct end(Optional<MajorVersion> successor) {
    boolean replaced =
        contract != null
            || partitioning != null
            || leftOut != null
            || withoutHistory != null
            || !suggestions.isEmpty()
            || !renamings.isEmpty();
    if (replaced) {
      throw Failure.of(action())
          .because("a product with a new contract does not end")
          .fix("Set a contract, or call withoutSuccessor() or succeededBy(..) alone.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    ProductEnd end = new ProductEnd(session, product, successor);
    if (reason != null) {
      end.because(reason);
    }
    if (retireAfter != null) {
      end.retireAfter(retireAfter);
    }
    return end;
  }

  @Override
  public StartRollout partitionBy(Partition... partitions) {
    partitioning = ArgumentChecks.all("partitionedBy", partitions);
    return this;
  }

  @Override
  public StartRollout renameColumn(String old, String now) {
    renamings.put(ArgumentChecks.text("old", old), ArgumentChecks.text("now", now));
    return this;
  }

  @Override
  public StartRollout because(String text) {
    reason = ArgumentChecks.text("because", text);
    return this;
  }

  @Override
  public StartRollout retireAfter(LocalDate date) {
    retireAfter = ArgumentChecks.date("retireAfter", date);
    return this;
  }

  @Override
  public StartRollout withoutHistory(String because) {
    withoutHistory = ArgumentChecks.text("withoutHistory", because);
    return this;
  }

  @Override
  public StartRollout leavingOut(String filter, String because) {
    leftOut =
        new LeftOutRows(
            ArgumentChecks.filter("filter", ArgumentChecks.text("filter", filter)),
            ArgumentChecks.text("because", because));
    return this;
  }

  @Override
  public StartRollout answering(String... ids) {
    List<String> named = ArgumentChecks.all("answering", ids).stream().distinct().toList();
    named.forEach(id -> ArgumentChecks.shortText("answering", id, NamedSuggestions.WHERE));
    if (named.size() > NamedSuggestions.MAX) {
      throw ArgumentChecks.refused(
          "answering",
          "names " + named.size() + " suggestions",
          "Name at most " + NamedSuggestions.MAX + ", and accept the others afterwards.");
    }
    suggestions = named;
    return this;
  }

  @Override
  protected RolloutPlan evaluate() {
    StartTerms terms = terms();
    named(terms);
    return evaluate(terms, true);
  }

  private NamedSuggestions named(StartTerms terms) {
    return NamedSuggestions.of(session, product, terms.suggestions(), action());
  }

  @Override
  protected Supplier<Rollout> prepare(@Nullable String reviewed) {
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
      return session.commit(change);
    };
  }

  private StartPlan evaluate(StartTerms terms, boolean withDownstream) {
    return new StartContext(session, product, terms, action(), this::commitAsPlanned)
        .evaluate(withDownstream);
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
    return new StartTerms(
        contract,
        Optional.ofNullable(partitioning),
        renamings,
        reason,
        Optional.ofNullable(retireAfter),
        Optional.ofNullable(leftOut),
        Optional.ofNullable(withoutHistory),
        suggestions);
  }
}
