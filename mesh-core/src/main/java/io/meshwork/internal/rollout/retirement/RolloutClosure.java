package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Closes the old major version of a rollout to new subscriptions, and makes the new one the current
 * one. A product that ends has no new one.
 */
record RolloutClosure(ClientSession session, ProductName product, int number)
    implements StateChange {
  @Override
  public MeshAction action() {
    return MeshAction.of(
        Verb.CLOSE, "the old major version in rollout " + number + " of " + product);
  }

  @Override
  public TransitionContext read() {
    TransitionContext context =
        TransitionContext.of(
            session, product, number, Set.of(State.ANNOUNCED, State.PARALLEL), action());
    if (context.next().isPresent()) {
      TransitionContext.requireState(session, context.rollout(), Set.of(State.PARALLEL), action());
    }
    return context;
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    return WaitingRowsFinding.of(session, product, context.from());
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step(
            "close",
            product + " " + context.from().version(),
            "accepts no new subscriptions; its consumers go on reading it",
            context.next().isPresent()
                ? "abort(), until a consumer uses the new version"
                : "abort()"));
    if (replacesCurrent(context)) {
      steps.add(
          new Step(
              "make current",
              product + " " + PromotedMajor.of(session, context, action()).version(),
              "is read and published where no major version is named",
              "abort(), until a consumer uses the new version"));
    }
    return List.copyOf(steps);
  }

  private static boolean replacesCurrent(TransitionContext context) {
    return context.next().isPresent() && context.product().currentMajor() == context.from().major();
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    RolloutEntry next =
        context
            .rollout()
            .in(State.CLOSING)
            .dated(context.rollout().dates().closed(Optional.of(attempt.now())));
    CommitDraft<RolloutEntry> draft =
        context
            .draft(session, next)
            .replace(context.from().majorStored(), MajorDocuments.closed(context.from()));
    if (replacesCurrent(context)) {
      VersionEntry current = PromotedMajor.of(session, context, action());
      draft
          .check(current.majorStored())
          .replace(context.product().stored(), context.product().withCurrentMajor(current.major()));
    }
    return draft;
  }
}
