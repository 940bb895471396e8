package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutLog;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.Rollout.Track;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** The owner's offer of a date to one consumer. Not thread-safe. */
final class TrackOffer extends TrackOperation {
  private final Optional<LocalDate> date;

  /**
   * Creates the operation.
   *
   * @param date the date; empty to accept the consumer's
   */
  TrackOffer(ClientSession session, ConsumerTrack track, Optional<LocalDate> date) {
    super(session, track, action(track, date));
    this.date = date;
  }

  private static MeshAction action(ConsumerTrack track, Optional<LocalDate> date) {
    return date.isPresent()
        ? MeshAction.of(Verb.OFFER, "a date to " + track.consumer() + " in " + rollout(track))
        : MeshAction.of(
            Verb.ACCEPT, "the date that " + track.consumer() + " asks for in " + rollout(track));
  }

  @Override
  public CommitDraft<Track> draft(Ledger.Attempt attempt) {
    DomainEntry domain =
        requireProductOwner(
            date.isPresent()
                ? "The owner offers dates. As the consumer, ask for another one with"
                    + " counter(date)."
                : "The owner accepts the date of a consumer. As the consumer, call agree(), or ask"
                    + " for another date with counter(date).");
    TrackContext context = TrackContext.of(session, track, action(), attempt.clock());
    requireSameAnswer(context);
    LocalDate offered = date.orElseGet(() -> requested(context.status()));
    if (date.isPresent() && isRepeated(context.status(), offered)) {
      return CommitDraft.unchanged(context.after(session, context.consumer()));
    }
    requirePossible(context, offered);
    String by = session.principal().toString();
    OfferEntry next = context.consumer().offers(number(), by).offered(offered, attempt.now(), by);
    CommitDraft<Track> draft =
        LoggedRollout.log(context.rollout())
            .withReason(context.rollout().because())
            .withRetireAfter(offered)
            .withConsumer(track.consumer())
            .draft(RolloutLog.Event.OFFERED, session.principal());
    context.check(draft).check(domain.stored());
    write(draft, context, next);
    return draft.result(
        context.after(session, context.consumer().offered(next, product(), attempt.id())));
  }

  private void write(CommitDraft<Track> draft, TrackContext context, OfferEntry next) {
    TrackedConsumer consumer = context.consumer();
    Key key = RegistryKeys.rolloutOffer(product(), number(), track.consumer());
    consumer
        .offer()
        .ifPresentOrElse(
            stored -> draft.replace(stored, next.toDocument(consumer.offer())),
            () -> draft.insert(key, next.toDocument(Optional.empty())));
    checkAnswer(draft, consumer);
  }

  private LocalDate requested(TrackStatus status) {
    return status
        .requestedDate()
        .orElseThrow(
            () ->
                Failure.of(action())
                    .because("it does not ask for another date; its answer is " + status.answer())
                    .fix("Offer a date with offer(..), or wait for its answer.")
                    .lastingConflict(ErrorCode.STATE_CONFLICT));
  }

  /** True if the date is offered already, and the consumer does not ask for another one. */
  private static boolean isRepeated(TrackStatus status, LocalDate offered) {
    return status.requestedDate().isEmpty()
        && status.earlierDate().orElse(status.date()).equals(offered);
  }

  private void requirePossible(TrackContext context, LocalDate offered) {
    LocalDate today = LocalDate.ofInstant(context.now(), ZoneOffset.UTC);
    LocalDate notice = context.terms().noticeDate();
    LocalDate earliest = notice.isAfter(today) ? notice : today;
    if (offered.isBefore(earliest)) {
      throw Failure.of(action())
          .because(
              offered
                  + (offered.isBefore(notice)
                      ? " is before the end of the notice period"
                      : " has passed"))
          .fix("Offer " + earliest + " or a later date.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }
}
