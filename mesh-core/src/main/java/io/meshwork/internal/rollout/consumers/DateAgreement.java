package io.meshwork.internal.rollout.consumers;

import io.meshwork.internal.rollout.consumers.TrackFacts.Offer;
import io.meshwork.internal.rollout.consumers.TrackFacts.Reply;
import io.meshwork.rollout.Rollout.Track.Answer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The date that results from offers and answers. The owner alone makes it later; it becomes earlier
 * only with the consumer's agreement.
 *
 * @param date the date that holds
 * @param offeredAt when the owner offered it
 * @param agreed whether the consumer agreed to it, or to an earlier one
 * @param earlier an earlier date that waits for the consumer's agreement
 * @param answer the answer to the latest offer
 * @param requested the date that the consumer asks for
 * @param reason the reason that the consumer gave
 */
record DateAgreement(
    LocalDate date,
    Instant offeredAt,
    boolean agreed,
    Optional<LocalDate> earlier,
    Answer answer,
    Optional<LocalDate> requested,
    Optional<String> reason) {

  /** Combines offers and the answers to each of them. */
  static DateAgreement of(TrackFacts facts) {
    DateAgreement current = first(facts.offers().get(0));
    for (Offer offer : facts.offers()) {
      if (offer.version() != facts.offers().get(0).version()) {
        current = current.offered(offer);
      }
      for (Reply reply : facts.replies()) {
        if (reply.offer() == offer.version()) {
          current = current.replied(reply);
        }
      }
    }
    return current;
  }

  private static DateAgreement first(Offer offer) {
    return new DateAgreement(
        offer.date(),
        offer.at(),
        false,
        Optional.empty(),
        Answer.NONE,
        Optional.empty(),
        Optional.empty());
  }

  private DateAgreement offered(Offer offer) {
    boolean accepts = requested.isPresent() && !offer.date().isBefore(requested.get());
    if (accepts) {
      return new DateAgreement(
          offer.date(),
          offer.at(),
          true,
          Optional.empty(),
          Answer.AGREED,
          Optional.empty(),
          Optional.empty());
    }
    boolean shortens = offer.date().isBefore(date);
    boolean extendsDate = offer.date().isAfter(date);
    boolean declines = answer == Answer.COUNTERED;
    return new DateAgreement(
        extendsDate ? offer.date() : date,
        extendsDate || declines ? offer.at() : offeredAt,
        agreed,
        shortens ? Optional.of(offer.date()) : Optional.empty(),
        declines ? Answer.NONE : answer,
        Optional.empty(),
        declines ? Optional.empty() : reason);
  }

  private DateAgreement replied(Reply reply) {
    return switch (reply.answer()) {
      case NONE -> this;
      case SEEN -> answer == Answer.NONE ? answered(Answer.SEEN, reply) : this;
      case AGREED ->
          new DateAgreement(
              earlier.orElse(date),
              offeredAt,
              true,
              Optional.empty(),
              Answer.AGREED,
              Optional.empty(),
              reply.reason());
      case COUNTERED, OBJECTED -> answered(reply.answer(), reply);
    };
  }

  private DateAgreement answered(Answer now, Reply reply) {
    return new DateAgreement(date, offeredAt, agreed, earlier, now, reply.date(), reply.reason());
  }
}
