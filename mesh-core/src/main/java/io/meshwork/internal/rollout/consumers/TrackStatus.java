package io.meshwork.internal.rollout.consumers;

import io.meshwork.rollout.Rollout.Track.Answer;
import io.meshwork.rollout.Rollout.Track.State;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A track as derived at one time.
 *
 * @param consumer {@code domain/subscription}, or {@code domain/@} for reads without one
 * @param subscribed false for reads without a subscription
 * @param state what the reads prove
 * @param agreement the date and the answer
 * @param silent whether the consumer accepted the date by silence
 * @param observed whether a read was ever recorded
 * @param released whether the rollout does not wait for the consumer
 * @param reason why the rollout waits for it or not
 */
public record TrackStatus(
    String consumer,
    boolean subscribed,
    State state,
    DateAgreement agreement,
    boolean silent,
    boolean observed,
    boolean released,
    String reason) {

  /** Returns the answer to the latest offer. */
  public Answer answer() {
    return agreement.answer();
  }

  /** Returns the date that holds. */
  public LocalDate date() {
    return agreement.date();
  }

  /** Returns true if the consumer agreed to the date, or accepted it by silence. */
  public boolean dateAccepted() {
    return agreement.agreed() || silent;
  }

  /** Returns the reason of the answer; empty without one. */
  public Optional<String> answerReason() {
    return agreement.reason();
  }

  /** Returns the date that the consumer asks for; empty unless it does. */
  public Optional<LocalDate> requestedDate() {
    return agreement.requested();
  }

  /** Returns an earlier date that the owner proposes; empty without one. */
  public Optional<LocalDate> earlierDate() {
    return agreement.earlier();
  }

  /** Returns when the date that holds was offered. */
  public Instant offeredAt() {
    return agreement.offeredAt();
  }
}
