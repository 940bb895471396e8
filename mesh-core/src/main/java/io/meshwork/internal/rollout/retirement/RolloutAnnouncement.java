package io.meshwork.internal.rollout.retirement;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.rollout.consumers.ConsumerTracks;
import io.meshwork.internal.rollout.consumers.OfferBatches;
import io.meshwork.internal.rollout.consumers.RolloutGuard;
import io.meshwork.internal.rollout.consumers.TrackRules;
import io.meshwork.internal.rollout.consumers.TrackedConsumer;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Announces a rollout: fixes the notice period in one transaction, then offers each consumer its
 * date. A rollout that was announced before gets the offers that are missing.
 */
record RolloutAnnouncement(ClientSession session, ProductName product, int number)
    implements StateChange {
  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.ANNOUNCE, "rollout " + number + " of " + product);
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
    if (rollout.terms().isPresent()) {
      return List.of();
    }
    RolloutEntry announced = announced(context, session.runtime().clock().instant());
    RolloutTerms terms = announced.terms().orElseThrow();
    return RolloutGuard.announce(
        rollout.state(),
        new RolloutGuard.Announcement(
            terms,
            announced.retireAfter(),
            replacedByOthers(),
            rollout.amendsContract() ? 0 : liveMajors(rollout.newMajor()),
            consumers(announced).stream()
                .filter(consumer -> consumer.contact().isBlank())
                .map(TrackedConsumer::id)
                .toList()));
  }

  private Set<Integer> replacedByOthers() {
    return StoredRollout.entries(session.ledger(), product)
        .filter(otherRollout -> otherRollout.number() != number && !otherRollout.state().isEnded())
        .map(RolloutEntry::from)
        .collect(Collectors.toSet());
  }

  private int liveMajors(OptionalInt to) {
    int live = 0;
    for (int major : session.catalog().majors(product)) {
      boolean isLive =
          session.catalog().requireFor(Use.DESCRIBE, product, major, action()).state().isLive();
      live += isLive && !to.equals(OptionalInt.of(major)) ? 1 : 0;
    }
    return live;
  }

  private List<TrackedConsumer> consumers(RolloutEntry announced) {
    return ConsumerTracks.all(session, announced, session.runtime().clock().instant());
  }

  /** The rollout once it is announced; the notice period is the old contract's. */
  private static RolloutEntry announced(TransitionContext context, Instant now) {
    RolloutEntry rollout = context.rollout();
    Period notice = context.from().contract().noticePeriod();
    RolloutEntry next = rollout.dated(rollout.dates().announced(now, notice));
    LocalDate earliestAtStart =
        LocalDate.ofInstant(rollout.startedAt(), ZoneOffset.UTC).plus(notice);
    LocalDate earliest = next.terms().orElseThrow().noticeDate();
    return rollout.retireAfter().equals(earliestAtStart) ? next.proposing(earliest) : next;
  }

  @Override
  public List<Step> steps(TransitionContext context) {
    Instant now = session.runtime().clock().instant();
    boolean again = context.rollout().terms().isPresent();
    RolloutEntry announced = again ? context.rollout() : announced(context, now);
    RolloutTerms terms = announced.terms().orElseThrow();
    List<Step> steps = new ArrayList<>();
    if (!again) {
      steps.add(
          new Step(
              "announce",
              product + " " + version(context),
              effect(announced)
                  + " after "
                  + announced.retireAfter()
                  + "; the notice ends on "
                  + terms.noticeDate(),
              "abort()"));
    }
    for (TrackedConsumer consumer : consumers(announced)) {
      if (consumer.offer().isEmpty()) {
        steps.add(
            new Step(
                "notify",
                consumer.id(),
                consumer.contact()
                    + "; it keeps "
                    + terms.replaced()
                    + " until "
                    + TrackRules.derive(consumer.facts(), terms, now).date(),
                ""));
      }
    }
    return steps;
  }

  private static ContractVersion version(TransitionContext context) {
    return context.rollout().amendsContract()
        ? context.rollout().contractVersion()
        : context.next().orElse(context.from()).version();
  }

  private static String effect(RolloutEntry rollout) {
    String retires = "major version " + rollout.from() + " is proposed to retire";
    return switch (rollout.kind()) {
      case NEW_MAJOR_VERSION -> retires;
      case END -> "the product ends; " + retires;
      case AMENDMENT -> "the contract changes " + rollout.amendment();
    };
  }

  @Override
  public CommitDraft<RolloutEntry> draft(TransitionContext context, Ledger.Attempt attempt) {
    RolloutEntry rollout = context.rollout();
    if (rollout.terms().isPresent()) {
      return CommitDraft.unchanged(rollout);
    }
    RolloutEntry dated = announced(context, attempt.now());
    RolloutEntry next = rollout.state() == State.PLANNED ? dated.in(State.ANNOUNCED) : dated;
    return context
        .draft(session, RolloutLog.Event.ANNOUNCED, next, next.because())
        .replace(
            context.from().majorStored(),
            rollout.endsProduct()
                ? MajorDocuments.ending(context.from(), next)
                : MajorDocuments.retiringAfter(context.from(), next.retireAfter()));
  }

  @Override
  public RolloutEntry complete(RolloutEntry committed) {
    return new OfferBatches(session, product, number).complete(committed);
  }
}
