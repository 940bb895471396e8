package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.function.Function;

/** A change of the state of a rollout and of its major versions. */
public interface StateChange {
  /** The action, for messages. */
  MeshAction action();

  /** The product of the rollout. */
  ProductName product();

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

  CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt);

  /**
   * Continues after the transaction with what needs transactions of their own. If it does not
   * complete, committing the change again does.
   */
  default RolloutEntry complete(RolloutEntry committed) {
    return committed;
  }

  /**
   * The operation that plans and commits the change.
   *
   * @param result what the caller gets for the rollout
   */
  default <R> PlannedOperation<Plan<R>, R> operation(
      ClientSession session, Function<RolloutEntry, R> result) {
    return new RolloutTransition<>(session, this, result);
  }
}
