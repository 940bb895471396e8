package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.util.List;
import java.util.function.Function;

/** A change that takes a major version away from its consumers. */
interface FencedChange extends StateChange {
  /** The major version that is taken away. */
  VersionEntry taken(TransitionContext context);

  /** Reads the state that the change left. */
  TransitionContext readAfter();

  /** The consumers that lost the major version although they need it. */
  List<Finding> losses(TransitionContext after);

  /** Drafts the transaction that undoes the change. */
  CommitDraft<RolloutEntry> undo(TransitionContext after, Ledger.Attempt attempt);

  @Override
  default <R> PlannedOperation<Plan<R>, R> operation(
      ClientSession session, Function<RolloutEntry, R> result) {
    return new FencedTransition<>(session, this, result);
  }
}
