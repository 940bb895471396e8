package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plans and commits a change of a rollout's state. Not thread-safe.
 *
 * @param <R> what the caller gets for the rollout
 */
final class RolloutTransition<R> extends ReviewedOperation<Plan<R>, R> {
  private final StateChange change;
  private final Function<RolloutEntry, R> result;

  RolloutTransition(ClientSession session, StateChange change, Function<RolloutEntry, R> result) {
    super(session, change.action());
    this.change = change;
    this.result = result;
  }

  @Override
  protected Plan<R> evaluate() {
    return plan(change, change.read(), this::commitAsPlanned);
  }

  static <R> ChangePlan<R> plan(
      StateChange change, TransitionContext context, Function<String, R> committing) {
    List<Finding> findings = change.findings(context);
    return ChangePlan.of(
        change.action().toString(),
        Finding.errors(findings).isEmpty() ? change.steps(context) : List.of(),
        findings,
        context.basis(),
        committing);
  }

  @Override
  protected Supplier<R> prepare(@Nullable String reviewed) {
    return () ->
        result.apply(
            change.complete(
                session.commit(new Transaction(change, change::read, change::draft, reviewed))));
  }

  /**
   * The registry transaction of a change, if the change is allowed and its plan is the same.
   *
   * @param reading reads the current state
   * @param drafting drafts the transaction
   * @param fingerprint the reviewed plan's; null if none was reviewed
   */
  record Transaction(
      StateChange change,
      Supplier<TransitionContext> reading,
      BiFunction<TransitionContext, Ledger.Attempt, CommitDraft<RolloutEntry>> drafting,
      @Nullable String fingerprint)
      implements Ledger.Change<RolloutEntry> {
    @Override
    public MeshAction action() {
      return change.action();
    }

    @Override
    public String partition() {
      return RegistryKeys.partition(change.product());
    }

    @Override
    public CommitDraft<RolloutEntry> draft(Ledger.Attempt attempt) {
      TransitionContext context = reading.get();
      ChangePlan<String> plan = RolloutTransition.plan(change, context, Function.identity());
      plan.requireSame(fingerprint, action());
      if (!plan.isAllowed()) {
        throw Failure.of(action()).because(plan.errors()).lastingConflict(ErrorCode.STATE_CONFLICT);
      }
      return drafting.apply(context, attempt);
    }
  }
}
