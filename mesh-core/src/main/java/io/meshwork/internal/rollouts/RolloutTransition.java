package io.meshwork.internal.rollouts;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plans and commits a change of a rollout's state. Not thread-safe.
 *
 * @param <R> what the caller gets for the rollout
 */
final class RolloutTransition<R> extends ReviewedOperation<Plan<R>, R> {
  private final Change change;
  private final Function<RolloutEntry, R> result;

  /** A change of the state of a rollout and of its major versions. */
  interface Change {
    /** The action, for messages. */
    MeshAction action();

    /** The partition of the product. */
    String partition();

    /**
     * Reads the current state.
     *
     * @throws io.meshwork.error.ConflictException if the change is not possible in this state
     */
    TransitionContext read();

    /** What prevents the change. */
    List<Finding> findings(TransitionContext context);

    /** What the change does. */
    List<Plan.Step> steps(TransitionContext context);

    /** Drafts the transaction. */
    CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt);

    /**
     * Continues after the transaction with what needs transactions of their own. If it does not
     * complete, committing the change again does.
     */
    default RolloutEntry complete(RolloutEntry committed) {
      return committed;
    }
  }

  RolloutTransition(ClientSession session, Change change, Function<RolloutEntry, R> result) {
    super(session, change.action());
    this.change = change;
    this.result = result;
  }

  @Override
  protected Plan<R> evaluate() {
    return plan(change, change.read(), this::commitAsPlanned);
  }

  /** Returns the plan of a change. */
  static <R> ChangePlan<R> plan(
      Change change, TransitionContext context, Function<String, R> committing) {
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
    return () -> result.apply(change.complete(session.commit(new Transaction(reviewed))));
  }

  private final class Transaction implements Ledger.Change<RolloutEntry> {
    private final @Nullable String fingerprint;

    Transaction(@Nullable String fingerprint) {
      this.fingerprint = fingerprint;
    }

    @Override
    public MeshAction action() {
      return change.action();
    }

    @Override
    public String partition() {
      return change.partition();
    }

    @Override
    public CommitDraft<RolloutEntry> draft(Ledger.Attempt attempt) {
      TransitionContext context = change.read();
      ChangePlan<R> plan = plan(change, context, RolloutTransition.this::commitAsPlanned);
      plan.requireSame(fingerprint, action());
      if (!plan.isAllowed()) {
        throw Failure.of(action()).because(plan.errors()).lastingConflict(ErrorCode.STATE_CONFLICT);
      }
      return change.draft(context, attempt);
    }
  }
}
