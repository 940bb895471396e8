package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.operation.Plan;
import java.util.List;

/** A change of the state of a rollout and of its major versions. */
public interface StateChange {
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
