package io.meshwork.internal.rollout;

import io.meshwork.rollout.Track;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A track as derived at one time.
 *
 * @param agreement the date and the answer
 * @param silent whether the consumer accepted the date by silence
 */
record TrackStatus(
    String consumer,
    boolean subscribed,
    State state,
    DateAgreement agreement,
    boolean silent,
    boolean observed,
    boolean released,
    String reason)
    implements Track {

  @Override
  public Answer answer() {
    return agreement.answer();
  }

  @Override
  public Optional<String> answerReason() {
    return agreement.reason();
  }

  @Override
  public Optional<LocalDate> requestedDate() {
    return agreement.requested();
  }

  @Override
  public LocalDate date() {
    return agreement.date();
  }

  @Override
  public boolean dateAccepted() {
    return agreement.agreed() || silent;
  }

  @Override
  public Optional<LocalDate> earlierDate() {
    return agreement.earlier();
  }

  @Override
  public Instant offeredAt() {
    return agreement.offeredAt();
  }
}
