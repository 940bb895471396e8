package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.util.List;
import java.util.Set;

/** Cancels the end or the amendment of a product: it is as before. */
record EndAbort(ClientSession session, ProductName product, int number, String because)
    implements StateChange {
  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.ABORT, "rollout " + number + " of " + product);
  }

  @Override
  public TransitionContext read() {
    return TransitionContext.of(
        session, product, number, Set.of(State.PLANNED, State.ANNOUNCED, State.CLOSING), action());
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    return List.of();
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    return List.of(
        new Step(
            "keep", product + " " + context.from().version(), "as it was before", "a new rollout"));
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    RolloutEntry next = context.rollout().aborted(because);
    return context
        .draft(session, next)
        .replace(context.from().majorStored(), MajorDocuments.released(context.from(), next));
  }
}
