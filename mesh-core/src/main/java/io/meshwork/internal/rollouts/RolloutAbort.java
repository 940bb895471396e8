package io.meshwork.internal.rollouts;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SubscriberList;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Withdraws the new major version of a rollout; the old one is as before. */
record RolloutAbort(ClientSession session, ProductName product, int number, String because)
    implements RolloutTransition.Change {
  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.ABORT, "rollout " + number + " of " + product);
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(product);
  }

  @Override
  public TransitionContext read() {
    return TransitionContext.of(
        session, product, number, Set.of(State.PLANNED, State.ANNOUNCED, State.PARALLEL), action());
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    List<Finding> findings = new ArrayList<>();
    int to = context.to().major();
    List<SubscriberList.Entry> users = SubscriberList.of(session, product, context.to());
    if (!users.isEmpty()) {
      findings.add(
          Finding.error(
              "MAJOR_IN_USE",
              product.toString(),
              "Major version "
                  + to
                  + " is used by "
                  + users.stream()
                      .map(SubscriberList.Entry::subscription)
                      .collect(Collectors.joining(", "))
                  + ".",
              "Ask these consumers to return to major version "
                  + context.from().major()
                  + " first."));
    }
    int later = MajorDocuments.rollout(context.to());
    if (later > 0) {
      findings.add(
          Finding.error(
              "MAJOR_IN_USE",
              product.toString(),
              "Rollout " + later + " starts from major version " + to + ".",
              "Abort that rollout first."));
    }
    return findings;
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    return List.of(
        new Step(
            "withdraw",
            product + " " + context.to().version(),
            "its owner can still read the rows",
            "a new rollout, which gets the next major version"),
        new Step(
            "keep", product + " " + context.from().version(), "as it was before the rollout", ""));
  }

  @Override
  public CommitDraft<Rollout> draft(TransitionContext context, Ledger.Attempt attempt) {
    RolloutEntry next = context.rollout().aborted(because);
    CommitDraft<Rollout> draft =
        context
            .draft(session, next)
            .replace(context.from().majorStored(), MajorDocuments.released(context.from(), next))
            .replace(
                context.to().majorStored(),
                MajorDocuments.withdrawn(context.to(), because, attempt.now()));
    CompanionMajors.separate(session, context, draft);
    if (context.product().currentMajor() == context.to().major()) {
      draft.replace(
          context.product().stored(), context.product().withCurrentMajor(context.from().major()));
    }
    return draft;
  }
}
