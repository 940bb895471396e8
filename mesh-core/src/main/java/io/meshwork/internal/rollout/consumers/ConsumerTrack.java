package io.meshwork.internal.rollout.consumers;

import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.rollout.Rollout.Track;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A track that was read, with the operations on it. Immutable and thread-safe. */
final class ConsumerTrack implements Track.Move {
  private final ClientSession session;
  private final RolloutEntry rollout;
  private final TrackedConsumer consumer;
  private final TrackStatus status;

  private ConsumerTrack(
      ClientSession session, RolloutEntry rollout, TrackedConsumer consumer, TrackStatus status) {
    this.session = session;
    this.rollout = rollout;
    this.consumer = consumer;
    this.status = status;
  }

  /** The tracks of consumers of an announced rollout. */
  static List<Track.Move> all(
      ClientSession session, RolloutEntry rollout, List<TrackedConsumer> consumers, Instant now) {
    return consumers.stream()
        .map(consumer -> (Track.Move) of(session, rollout, consumer, now))
        .toList();
  }

  /** The track of one consumer of an announced rollout. */
  static ConsumerTrack of(
      ClientSession session, RolloutEntry rollout, TrackedConsumer consumer, Instant now) {
    return new ConsumerTrack(
        session, rollout, consumer, consumer.status(rollout.terms().orElseThrow(), now));
  }

  RolloutEntry rollout() {
    return rollout;
  }

  TrackedConsumer tracked() {
    return consumer;
  }

  @Override
  public String consumer() {
    return status.consumer();
  }

  @Override
  public boolean subscribed() {
    return status.subscribed();
  }

  @Override
  public State state() {
    return status.state();
  }

  @Override
  public Answer answer() {
    return status.answer();
  }

  @Override
  public Optional<String> answerReason() {
    return status.answerReason();
  }

  @Override
  public Optional<LocalDate> requestedDate() {
    return status.requestedDate();
  }

  @Override
  public LocalDate date() {
    return status.date();
  }

  @Override
  public boolean dateAccepted() {
    return status.dateAccepted();
  }

  @Override
  public Optional<LocalDate> earlierDate() {
    return status.earlierDate();
  }

  @Override
  public Optional<String> escalatedBecause() {
    return consumer.escalation().map(OfferEntry.Escalation::because);
  }

  @Override
  public Optional<Instant> escalatedAt() {
    return consumer.escalation().map(OfferEntry.Escalation::at);
  }

  @Override
  public Instant offeredAt() {
    return status.offeredAt();
  }

  @Override
  public boolean observed() {
    return status.observed();
  }

  @Override
  public boolean released() {
    return status.released();
  }

  @Override
  public String reason() {
    return status.reason();
  }

  @Override
  public Operation<Track> seen() {
    return new TrackAnswer(session, this, new TrackAnswer.Acknowledgement());
  }

  @Override
  public Operation<Track> agree() {
    return new TrackAnswer(session, this, new TrackAnswer.Agreement());
  }

  @Override
  public Operation.WithReason<Track> counter(LocalDate date) {
    LocalDate requested = ArgumentChecks.date("date", date);
    return answered(because -> new TrackAnswer.CounterOffer(requested, because));
  }

  private Operation.WithReason<Track> answered(Function<String, TrackAnswer.Reply> reply) {
    return new ReasonedTrackChange(
        session, because -> new TrackAnswer(session, this, reply.apply(because)));
  }

  @Override
  public Operation.WithReason<Track> object() {
    return answered(TrackAnswer.Objection::new);
  }

  @Override
  public Operation.WithReason<Track> moved() {
    return answered(TrackAnswer.Declaration::new);
  }

  @Override
  public Operation<Track> accept() {
    return new TrackOffer(session, this, Optional.empty());
  }

  @Override
  public Operation<Track> offer(LocalDate date) {
    return new TrackOffer(session, this, Optional.of(ArgumentChecks.date("date", date)));
  }

  @Override
  public Operation.WithReason<Track> escalate() {
    return new ReasonedTrackChange(session, because -> new TrackEscalation(session, this, because));
  }

  @Override
  public Operation.WithReason<Track> dormant() {
    return new ReasonedTrackChange(session, because -> new TrackDormancy(session, this, because));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConsumerTrack track
        && track.rollout.product().equals(rollout.product())
        && track.rollout.number() == rollout.number()
        && track.status.equals(status)
        && track.consumer.escalation().equals(consumer.escalation());
  }

  @Override
  public int hashCode() {
    return status.hashCode();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(TrackedConsumer.described(consumer()))
        .append("  ")
        .append(state())
        .append("  ")
        .append(answer());
    requestedDate().ifPresent(date -> text.append(" asks for ").append(date));
    answerReason().ifPresent(because -> text.append(": ").append(because));
    text.append("  until ").append(date()).append(dateAccepted() ? " (accepted)" : "");
    earlierDate().ifPresent(date -> text.append(", ").append(date).append(" proposed"));
    consumer
        .escalation()
        .ifPresent(
            last ->
                text.append(", escalated on ")
                    .append(TrackReason.day(last.at()))
                    .append(": ")
                    .append(last.because()));
    return text.append("  ").append(reason()).toString();
  }
}
