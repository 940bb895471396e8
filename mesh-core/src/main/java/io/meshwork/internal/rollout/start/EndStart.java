package io.meshwork.internal.rollout.start;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.retirement.MajorDocuments;
import io.meshwork.internal.rollout.retirement.ProductEndView;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.EndProduct;
import io.meshwork.rollout.EndProduct.EndPlan;
import io.meshwork.rollout.ProductEnd;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts the end of a product. Not thread-safe. */
final class EndStart extends ReviewedOperation<EndPlan, ProductEnd> implements EndProduct {
  private final ProductName product;
  private Optional<MajorVersion> successor = Optional.empty();
  private @Nullable String reason;
  private @Nullable LocalDate lastDay;

  EndStart(ClientSession session, ProductName product) {
    super(session, MeshAction.of(Verb.END, product));
    this.product = product;
  }

  @Override
  public EndProduct successor(CharSequence other, int major) {
    ProductName next = ProductName.of(other);
    if (next.equals(product)) {
      throw ArgumentChecks.refused(
          "product",
          "is the product that ends",
          "Name another product; for a new contract of this one, call startRollout(\""
              + product
              + "\").");
    }
    successor = Optional.of(new MajorVersion(next, major));
    return this;
  }

  @Override
  public EndProduct because(String text) {
    reason = ArgumentChecks.text("because", text);
    return this;
  }

  @Override
  public EndProduct retireAfter(LocalDate date) {
    lastDay = ArgumentChecks.required("retireAfter", date);
    return this;
  }

  @Override
  protected EndPlan evaluate() {
    return context().evaluate();
  }

  @Override
  protected Supplier<ProductEnd> prepare(@Nullable String reviewed) {
    EndContext context = context();
    return () -> {
      requireAllowed(context.evaluate(), reviewed);
      MeshFormat.require(
          session.ledger(),
          MeshFormat.SEVERAL_MAJORS,
          session.principal(),
          action(),
          session.deadline());
      return new ProductEndView(session, session.commit(new Start(context, reviewed)));
    };
  }

  private EndContext context() {
    return new EndContext(
        session,
        product,
        successor,
        ArgumentChecks.requireReason(reason, action(), "Set the reason that consumers are shown."),
        Optional.ofNullable(lastDay),
        action(),
        this::commitAsPlanned);
  }

  private void requireAllowed(EvaluatedEnd end, @Nullable String fingerprint) {
    end.requireSame(fingerprint, action());
    if (!end.isAllowed()) {
      throw Failure.of(action())
          .because(end.errors())
          .invalidRequest(ErrorCode.CHANGE_INCOMPATIBLE);
    }
  }

  /**
   * The registry transaction: the rollout, and its number in the major version, so that no other
   * rollout starts from it.
   */
  private final class Start implements Ledger.Change<RolloutEntry> {
    private final EndContext context;
    private final @Nullable String fingerprint;

    Start(EndContext context, @Nullable String fingerprint) {
      this.context = context;
      this.fingerprint = fingerprint;
    }

    @Override
    public MeshAction action() {
      return context.action();
    }

    @Override
    public String partition() {
      return RegistryKeys.partition(product);
    }

    @Override
    public CommitDraft<RolloutEntry> draft(Ledger.Attempt attempt) {
      EvaluatedEnd end = context.evaluate();
      requireAllowed(end, fingerprint);
      return LoggedRollout.<RolloutEntry>draft(
              LoggedRollout.event(end.rollout()), end.rollout(), session.principal())
          .check(end.domain().stored())
          .check(end.entry().stored())
          .check(end.current().contractStored())
          .replace(
              end.current().majorStored(), MajorDocuments.rolledOut(end.current(), end.rollout()))
          .insert(
              RegistryKeys.rollout(product, end.rollout().number()),
              end.rollout().toDocument(Optional.empty()))
          .result(end.rollout());
    }
  }
}
