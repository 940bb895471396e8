package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.rollout.consumers.ConsumerTracks;
import io.meshwork.internal.rollout.consumers.OfferBatches;
import io.meshwork.internal.rollout.consumers.RolloutGuard;
import io.meshwork.internal.rollout.consumers.TrackStatus;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Retires the old major version, or the old promise, later for all consumers: changes the proposed
 * date of the rollout, then offers the date to each consumer with an earlier one.
 */
record RolloutExtension(ClientSession session, ProductName product, int number, LocalDate date)
    implements StateChange {
  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.EXTEND, "rollout " + number + " of " + product);
  }

  @Override
  public TransitionContext read() {
    return TransitionContext.of(
        session,
        product,
        number,
        Set.of(State.PLANNED, State.ANNOUNCED, State.PARALLEL, State.CLOSING),
        action());
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    RolloutEntry rollout = context.rollout();
    List<Finding> findings = new ArrayList<>();
    if (date.isBefore(rollout.retireAfter())) {
      findings.add(
          Finding.error(
              FindingCode.DATE_EARLIER,
              product.toString(),
              "The rollout proposes "
                  + rollout.retireAfter()
                  + ", which is later than "
                  + date
                  + ".",
              "Use a later date. Offer an earlier one to each consumer with offer(..) of its"
                  + " track; it holds once the consumer agrees."));
    }
    Optional<RolloutTerms> terms = rollout.terms();
    if (terms.isPresent()) {
      Instant now = session.runtime().clock().instant();
      List<TrackStatus> tracks =
          ConsumerTracks.all(session, rollout, now).stream()
              .map(consumer -> consumer.status(terms.get(), now))
              .toList();
      findings.addAll(RolloutGuard.extend(rollout.state(), terms.get(), tracks, date, now));
    }
    return findings;
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    return List.of(
        new Step(
            "extend",
            product + " " + context.from().version(),
            "from " + context.rollout().retireAfter() + " to " + date + ", for all consumers",
            "an earlier date holds only for consumers that agree to it"));
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    if (context.rollout().retireAfter().equals(date)) {
      return CommitDraft.unchanged(context.rollout());
    }
    RolloutEntry next = context.rollout().proposing(date);
    return context
        .draft(session, RolloutLog.Event.EXTENDED, next, next.because())
        .replace(context.from().majorStored(), MajorDocuments.retiringAfter(context.from(), date));
  }

  @Override
  public RolloutEntry complete(RolloutEntry committed) {
    return new OfferBatches(session, product, number).extend(committed, date);
  }
}
