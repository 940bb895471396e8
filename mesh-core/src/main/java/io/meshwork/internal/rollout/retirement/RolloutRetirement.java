package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.copies.RowsAtRetirement;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.majors.DownstreamProducts;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog.Event;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.rollout.consumers.ConsumerTracks;
import io.meshwork.internal.rollout.consumers.RetireGuard;
import io.meshwork.internal.rollout.consumers.TrackStatus;
import io.meshwork.internal.rollout.consumers.TrackedConsumer;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.stewards.ApprovedForceRequest;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Retires the old major version of a rollout: consumers can no longer read it, its data is
 * retained, and each publish writes the new one alone. A product that ends is published no more.
 *
 * @param force the approved request to retire it although consumers need it; empty without one
 */
record RolloutRetirement(
    ClientSession session, ProductName product, int number, Optional<ApprovedForceRequest> force)
    implements FencedChange {
  @Override
  public MeshAction action() {
    return MeshAction.of(
        Verb.RETIRE, "the old major version in rollout " + number + " of " + product);
  }

  @Override
  public TransitionContext read() {
    return TransitionContext.of(session, product, number, Set.of(State.CLOSING), action());
  }

  @Override
  public TransitionContext readAfter() {
    return TransitionContext.of(session, product, number, Set.of(State.RETIRED), action());
  }

  @Override
  public VersionEntry taken(TransitionContext context) {
    return context.from();
  }

  @Override
  public List<Finding> findings(TransitionContext context) {
    Optional<RetireGuard> blockingGuard = ConsumerTracks.guard(session, context.rollout(), now());
    if (blockingGuard.isEmpty()) {
      return List.of(notAnnounced(context));
    }
    RetireGuard guard = blockingGuard.get();
    List<Finding> findings =
        new ArrayList<>(
            force.isPresent()
                ? guard.retireByForce(force.get().request(context.domain()), now())
                : guard.retire(now()));
    if (context.next().isEmpty()) {
      findings.addAll(
          TransitionContext.otherMajors(session, product, context.from().major(), action()));
    }
    findings.addAll(olderInUse(context));
    boolean refused = !findings.isEmpty();
    findings.addAll(DownstreamProducts.lostRules(session, product, context.next()));
    findings.addAll(WaitingRowsFinding.of(session, product, context.from()));
    if (refused && force.isEmpty()) {
      findings.add(guard.earliest(product));
    }
    return findings;
  }

  /**
   * Major versions are retired from the oldest one on: one that is in use gets its rows, its
   * positions, and its comparisons from its replacement.
   */
  private List<Finding> olderInUse(TransitionContext context) {
    int major = context.from().major();
    return StoredRollout.entries(session.ledger(), product)
        .filter(each -> each.leadsTo(major) && !each.state().isEnded())
        .map(
            each ->
                Finding.error(
                    FindingCode.OLDER_MAJOR_IN_USE,
                    product.toString(),
                    "Major version "
                        + each.from()
                        + " is in use, and major version "
                        + major
                        + " replaces it.",
                    "Complete rollout "
                        + each.number()
                        + " first: retire the oldest version first."))
        .toList();
  }

  static Finding notAnnounced(TransitionContext context) {
    return Finding.error(
        FindingCode.NOT_ANNOUNCED,
        context.product().name().toString(),
        "The consumers of major version " + context.from().major() + " were not notified.",
        "Notify them with announce().");
  }

  private Instant now() {
    return session.runtime().clock().instant();
  }

  @Override
  public List<Finding> losses(TransitionContext after) {
    List<Finding> losses = new ArrayList<>();
    for (TrackStatus track : ConsumerTracks.statuses(session, after.rollout(), now())) {
      if (!track.released()) {
        losses.add(
            Finding.error(
                FindingCode.CONSUMER_NOT_RELEASED,
                track.consumer(),
                TrackedConsumer.described(track.consumer())
                    + " still needs major version "
                    + after.from().major()
                    + ". "
                    + track.reason(),
                "Ask it to leave the version, and retire again."));
      }
    }
    return losses;
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step(
            "retire",
            product + " " + context.from().version(),
            "only its owner can still read it; its data is retained",
            "restore() within 14 days"));
    for (String consumer : force.map(ApprovedForceRequest::consumers).orElse(List.of())) {
      steps.add(
          new Step("override", consumer, "it still needs the version", "restore() within 14 days"));
    }
    return List.copyOf(steps);
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    Optional<RowsAtRetirement> remaining =
        context.next().map(to -> RowsAtRetirement.of(session, product, to));
    RowsAtRetirement retained = RowsAtRetirement.of(session, product, context.from());
    List<String> overridden = force.map(ApprovedForceRequest::consumers).orElse(List.of());
    RolloutEntry before = context.rollout();
    RolloutEntry next =
        before
            .in(State.RETIRED)
            .separated(attempt.sequence())
            .dated(before.dates().retired(Optional.of(attempt.now())))
            .retirement(
                before
                    .retirement()
                    .retired(
                        remaining.flatMap(RowsAtRetirement::version), overridden, attempt.id()));
    String because = force.map(ApprovedForceRequest::because).orElse(next.because());
    CommitDraft<RolloutEntry> draft =
        context
            .draft(session, next, because)
            .replace(
                context.from().majorStored(),
                MajorDocuments.retired(context.from(), next, retained, attempt.now()));
    context
        .next()
        .ifPresent(
            to -> {
              draft.replace(to.majorStored(), MajorDocuments.settled(to, context.from().major()));
              EarlierRolloutMajors.removeRetired(session, context, draft);
            });
    if (!overridden.isEmpty()) {
      draft.details(new OverriddenConsumers(overridden));
    }
    force.ifPresent(approved -> approved.complete(draft, attempt.now()));
    remaining.ifPresent(rows -> rows.check(draft));
    retained.check(draft);
    return draft;
  }

  /** The consumers whose needs were overridden. */
  private record OverriddenConsumers(List<String> consumers) {}

  @Override
  public CommitDraft<RolloutEntry> undo(TransitionContext after, Ledger.Attempt attempt) {
    return RolloutRestoration.draft(
        session, after, "A consumer used it while it was retired", Event.REOPENED);
  }
}
