package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.event.EventDetails.ConsumerAnswer;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutLog;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.Rollout.Track.Answer;
import java.util.Optional;

/** The owner's escalation of an answer to the owners of both domains. Not thread-safe. */
final class TrackEscalation extends TrackOperation {
  private final String because;

  TrackEscalation(ClientSession session, ConsumerTrack track, String because) {
    super(session, track, action(track));
    this.because = because;
  }

  private static MeshAction action(ConsumerTrack track) {
    return MeshAction.of(
        Verb.ESCALATE, "the answer of " + track.consumer() + " in " + rollout(track));
  }

  @Override
  public CommitDraft<Track> draft(Ledger.Attempt attempt) {
    DomainEntry domain =
        requireProductOwner(
            "The owner escalates. As the consumer, call object(), or ask for another date"
                + " with counter(date).");
    TrackContext context = TrackContext.of(session, track, action(), attempt.clock());
    requireSameAnswer(context);
    TrackedConsumer consumer = context.consumer();
    if (isRepeated(consumer)) {
      return CommitDraft.unchanged(context.after(session, consumer));
    }
    requireUnsettled(context);
    VersionedDocument stored = requireOffer(consumer);
    OfferEntry next =
        OfferEntry.of(stored)
            .escalated(new OfferEntry.Escalation(because, attempt.now(), session.principal()));
    CommitDraft<Track> draft = log(context).draft(RolloutLog.Event.ESCALATED, session.principal());
    context.check(draft).check(domain.stored());
    checkAnswer(draft, consumer);
    draft.replace(stored, next.toDocument(Optional.of(stored)));
    return draft.result(context.after(session, consumer.offered(next, product(), attempt.id())));
  }

  private RolloutLog log(TrackContext context) {
    TrackStatus status = context.status();
    RolloutLog log =
        LoggedRollout.log(context.rollout())
            .withReason(because)
            .withRetireAfter(status.date())
            .withConsumer(track.consumer());
    return logged(status.answer()).map(log::withAnswer).orElse(log);
  }

  /** The answer as the log has it; empty without one. */
  private static Optional<ConsumerAnswer> logged(Answer answer) {
    return switch (answer) {
      case NONE -> Optional.empty();
      case SEEN -> Optional.of(ConsumerAnswer.SEEN);
      case AGREED -> Optional.of(ConsumerAnswer.AGREED);
      case COUNTERED -> Optional.of(ConsumerAnswer.COUNTERED);
      case OBJECTED -> Optional.of(ConsumerAnswer.OBJECTED);
    };
  }

  /** True if it was escalated for the same reason, and neither side offered or answered since. */
  private boolean isRepeated(TrackedConsumer consumer) {
    TrackFacts facts = consumer.facts();
    return consumer
        .escalation()
        .filter(last -> last.because().equals(because))
        .filter(last -> facts.offers().stream().noneMatch(each -> each.at().isAfter(last.at())))
        .filter(last -> facts.replies().stream().noneMatch(each -> each.at().isAfter(last.at())))
        .isPresent();
  }

  /** Once a consumer agreed, both sides wait for the date. */
  private void requireUnsettled(TrackContext context) {
    TrackStatus status = context.status();
    if (status.answer() == Answer.AGREED && !RolloutTerms.isOver(status.date(), context.now())) {
      throw Failure.of(action())
          .because(
              TrackedConsumer.described(track.consumer())
                  + " agreed to "
                  + status.date()
                  + ", so that nothing is to be settled")
          .fix(
              "Wait for that date, and escalate afterwards if "
                  + track.consumer()
                  + " still needs "
                  + context.terms().replaced()
                  + "; or offer another date with offer(date).")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    if (status.released()) {
      throw Failure.of(action())
          .because(
              "the rollout does not wait for "
                  + TrackedConsumer.described(track.consumer())
                  + ": "
                  + status.reason())
          .fix("Continue the rollout; waitingFor() lists the consumers that it waits for.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }

  /** A consumer that was offered no date was not notified, and could not answer. */
  private VersionedDocument requireOffer(TrackedConsumer consumer) {
    return consumer
        .offer()
        .orElseThrow(
            () ->
                Failure.of(action())
                    .because("the consumer appeared after the announcement and was not notified")
                    .fix("Notify it with announce(), and give it time to answer.")
                    .lastingConflict(ErrorCode.STATE_CONFLICT));
  }
}
