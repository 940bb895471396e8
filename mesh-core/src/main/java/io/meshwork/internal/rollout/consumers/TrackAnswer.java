package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog.AccountEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails.ConsumerAnswer;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.Rollout.Track.Answer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** An answer of a consumer to the date that it was offered. Not thread-safe. */
final class TrackAnswer extends TrackOperation {
  private final Reply reply;

  /** What a consumer answers. */
  sealed interface Reply {
    /** The answer in the log. */
    ConsumerAnswer answer();

    /** The reason; empty without one. */
    default Optional<String> because() {
      return Optional.empty();
    }
  }

  /** It received the notice. */
  record Acknowledgement() implements Reply {
    @Override
    public ConsumerAnswer answer() {
      return ConsumerAnswer.SEEN;
    }
  }

  /** It agrees to the date. */
  record Agreement() implements Reply {
    @Override
    public ConsumerAnswer answer() {
      return ConsumerAnswer.AGREED;
    }
  }

  /** It asks for another date. */
  record CounterOffer(LocalDate date, String reason) implements Reply {
    @Override
    public ConsumerAnswer answer() {
      return ConsumerAnswer.COUNTERED;
    }

    @Override
    public Optional<String> because() {
      return Optional.of(reason);
    }
  }

  /** It refuses the change. */
  record Objection(String reason) implements Reply {
    @Override
    public ConsumerAnswer answer() {
      return ConsumerAnswer.OBJECTED;
    }

    @Override
    public Optional<String> because() {
      return Optional.of(reason);
    }
  }

  /** It declares that it moved. */
  record Declaration(String reason) implements Reply {
    @Override
    public ConsumerAnswer answer() {
      return ConsumerAnswer.MOVED;
    }

    @Override
    public Optional<String> because() {
      return Optional.of(reason);
    }
  }

  TrackAnswer(ClientSession session, ConsumerTrack track, Reply reply) {
    super(session, track, action(track, reply));
    this.reply = reply;
  }

  private static MeshAction action(ConsumerTrack track, Reply reply) {
    String date = "the date of " + track.consumer() + " in " + rollout(track);
    return switch (reply.answer()) {
      case SEEN ->
          MeshAction.of(
              Verb.CONFIRM, "the notice of " + rollout(track) + " to " + track.consumer());
      case AGREED -> MeshAction.of(Verb.AGREE, date);
      case COUNTERED -> MeshAction.of(Verb.COUNTER, date);
      case OBJECTED -> MeshAction.of(Verb.OBJECT, rollout(track) + " for " + track.consumer());
      case MOVED ->
          MeshAction.of(Verb.DECLARE, "the move of " + track.consumer() + " in " + rollout(track));
    };
  }

  /** What the owner calls in place of an answer, which only the consumer gives. */
  private String ofOwner() {
    return switch (reply.answer()) {
      case SEEN -> "Only the consumer confirms its notice; as the owner, read its answer().";
      case AGREED ->
          "The consumer agrees to your date. As the owner, accept the date that it asks for with"
              + " accept(), or call offer(date).";
      case COUNTERED -> "As the owner, offer another date with offer(date).";
      case OBJECTED ->
          "As the owner, offer another date with offer(date), or end the rollout with"
              + " abort().";
      case MOVED -> "Only the consumer declares its move; its reads prove it.";
    };
  }

  @Override
  public String partition() {
    return track.tracked().consumer().partition();
  }

  @Override
  public CommitDraft<Track> draft(Ledger.Attempt attempt) {
    // The log of the consumer is written, so only its own domain may answer.
    requireDomain(track.tracked().consumer().domain(), product().domain(), ofOwner());
    AccountEntry account = session.authorizer().requireOwnDomain(action());
    TrackContext context = TrackContext.of(session, track, action(), attempt.clock());
    requirePossible(context, attempt.clock());
    if (isRepeated(context.status())) {
      return CommitDraft.unchanged(context.after(session, context.consumer()));
    }
    ConsumerAnswers before =
        context
            .consumer()
            .answer()
            .map(ConsumerAnswers::of)
            .orElseGet(
                () ->
                    ConsumerAnswers.none(
                        product(), track.rollout().number(), track.tracked().name()));
    ConsumerAnswers next = after(before, context, attempt.now());
    RolloutLog log =
        LoggedRollout.log(context.rollout())
            .withConsumer(track.consumer())
            .withAnswer(reply.answer())
            .withRetireAfter(date(context.status()));
    CommitDraft<Track> draft =
        reply
            .because()
            .map(log::withReason)
            .orElse(log)
            .draft(RolloutLog.Event.ANSWERED, session.principal());
    context.check(draft).check(account.stored());
    write(draft, context, next);
    return draft.result(result(context, next, attempt));
  }

  private LocalDate date(TrackStatus status) {
    return reply instanceof CounterOffer counter
        ? counter.date()
        : status.earlierDate().filter(any -> reply instanceof Agreement).orElse(status.date());
  }

  private ConsumerAnswers after(ConsumerAnswers before, TrackContext context, Instant now) {
    if (reply instanceof Declaration) {
      return before.moved(now);
    }
    return before.replied(
        new ConsumerAnswers.Reply(
            context.consumer().facts().latestOffer(),
            reply.answer().name(),
            reply instanceof CounterOffer counter ? Optional.of(counter.date()) : Optional.empty(),
            reply.because(),
            now,
            session.principal().toString()));
  }

  private void write(CommitDraft<Track> draft, TrackContext context, ConsumerAnswers next) {
    TrackedConsumer consumer = context.consumer();
    Key key =
        RegistryKeys.rolloutAnswer(
            partition(), product(), track.rollout().number(), track.tracked().name());
    consumer
        .answer()
        .ifPresentOrElse(
            stored -> draft.replace(stored, next.toDocument(consumer.answer())),
            () -> draft.insert(key, next.toDocument(Optional.empty())));
    consumer
        .offer()
        .ifPresentOrElse(
            draft::check,
            () ->
                draft.checkAbsent(
                    RegistryKeys.rolloutOffer(
                        product(), track.rollout().number(), track.consumer())));
  }

  private Track result(TrackContext context, ConsumerAnswers next, Ledger.Attempt attempt) {
    return context.after(session, context.consumer().answered(next, attempt.id()));
  }

  private void requirePossible(TrackContext context, Instant now) {
    TrackStatus status = context.status();
    int seen = track.tracked().facts().latestOffer();
    if (!(reply instanceof Declaration) && context.consumer().facts().latestOffer() != seen) {
      LocalDate offered = context.consumer().offers(track.rollout().number(), "").latest().date();
      throw Failure.of(action())
          .because("the owner offered " + offered + " after this track was read")
          .fix("Read the track again with track(\"" + track.consumer() + "\"), and answer that.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    if (reply instanceof CounterOffer counter) {
      requireLater(counter.date(), status, now);
    } else if (reply instanceof Declaration) {
      requireRead(context);
    }
  }

  private void requireLater(LocalDate date, TrackStatus status, Instant now) {
    LocalDate offered = status.earlierDate().orElse(status.date());
    if (!date.isAfter(offered)) {
      throw Failure.of(action())
          .because(date + " is not after " + offered + ", which the owner offers")
          .fix("Ask for a later date, or call agree().")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    if (date.isBefore(today)) {
      throw Failure.of(action())
          .because(date + " has passed")
          .fix("Ask for " + today + " or a later date.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /** Words never replace the read of the new major version, only the quiet period after it. */
  private void requireRead(TrackContext context) {
    RolloutEntry rollout = context.rollout();
    int newer = rollout.terms().map(RolloutTerms::newer).orElse(rollout.from() + 1);
    boolean hasRead = !context.consumer().facts().reads().tailMap(newer).isEmpty();
    if (!context.status().observed() || hasRead) {
      return;
    }
    if (rollout.successor().isEmpty()) {
      throw Failure.of(action())
          .because("the product ends, and nothing replaces it")
          .fix("Unsubscribe once you no longer read it, or call agree().")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    String next =
        rollout.elsewhere().map(Object::toString).orElseGet(() -> "major version " + rollout.to());
    throw Failure.of(action())
        .because("no read of " + next + " by it was recorded")
        .fix("Read or poll " + next + " with it first; reads prove a move.")
        .lastingConflict(ErrorCode.STATE_CONFLICT);
  }

  /** True if the same answer to the same offer is the last one. */
  private boolean isRepeated(TrackStatus status) {
    if (reply instanceof Acknowledgement) {
      return status.answer() != Answer.NONE;
    } else if (reply instanceof Agreement) {
      return status.answer() == Answer.AGREED && status.earlierDate().isEmpty();
    } else if (reply instanceof CounterOffer counter) {
      return status.answer() == Answer.COUNTERED
          && status.requestedDate().equals(Optional.of(counter.date()))
          && status.answerReason().equals(counter.because());
    } else if (reply instanceof Objection objection) {
      return status.answer() == Answer.OBJECTED
          && status.answerReason().equals(objection.because());
    }
    return false;
  }
}
