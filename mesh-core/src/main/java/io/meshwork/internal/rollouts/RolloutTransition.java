package io.meshwork.internal.rollouts;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.operation.Plan;
import io.meshwork.rollout.Rollout;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Plans and commits a change of a rollout's state. Not thread-safe. */
final class RolloutTransition extends ReviewedOperation<Plan<Rollout>, Rollout> {
  private final Change change;

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
    CommitDraft<Rollout> draft(TransitionContext context, Ledger.Attempt attempt);

    /**
     * Continues after the transaction with what needs transactions of their own. If it does not
     * complete, committing the change again does.
     */
    default Rollout complete(Rollout committed) {
      return committed;
    }
  }

  RolloutTransition(ClientSession session, Change change) {
    super(session, change.action());
    this.change = change;
  }

  @Override
  protected Plan<Rollout> evaluate() {
    return plan(change, change.read(), this::commitAsPlanned);
  }

  /** Returns the plan of a change. */
  static ChangePlan<Rollout> plan(
      Change change, TransitionContext context, Function<String, Rollout> committing) {
    List<Finding> findings = change.findings(context);
    return ChangePlan.of(
        change.action().toString(),
        Finding.errors(findings).isEmpty() ? change.steps(context) : List.of(),
        findings,
        context.basis(),
        committing);
  }

  @Override
  protected Supplier<Rollout> prepare(@Nullable String reviewed) {
    return () -> change.complete(session.commit(new Transaction(reviewed)));
  }

  private final class Transaction implements Ledger.Change<Rollout> {
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
    public CommitDraft<Rollout> draft(Ledger.Attempt attempt) {
      TransitionContext context = change.read();
      ChangePlan<Rollout> plan = plan(change, context, RolloutTransition.this::commitAsPlanned);
      plan.requireSame(fingerprint, action());
      if (!plan.isAllowed()) {
        throw Failure.of(action()).because(plan.errors()).lastingConflict(ErrorCode.STATE_CONFLICT);
      }
      return change.draft(context, attempt);
    }
  }
}
