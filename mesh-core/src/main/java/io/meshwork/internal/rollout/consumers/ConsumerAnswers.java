package io.meshwork.internal.rollout.consumers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.StoredConstant;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.Track.Answer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stored answers of one consumer to the offers of a rollout. Immutable.
 *
 * @param product the product
 * @param rollout the number of the rollout
 * @param name the name of the subscription, or {@code @} for reads without one
 * @param replies the answers in order
 * @param movedAt when the consumer declared its move; empty if it did not
 */
record ConsumerAnswers(
    ProductName product, int rollout, String name, List<Reply> replies, Optional<Instant> movedAt) {
  /**
   * An answer to an offer.
   *
   * @param offer the version of the offer that it answers
   * @param answer the kind of answer, such as {@code AGREED}
   * @param date the date that it asks for; empty for other answers
   * @param reason its reason; empty without one
   * @param at when it was given
   * @param by who gave it
   */
  record Reply(
      int offer,
      String answer,
      Optional<LocalDate> date,
      Optional<String> reason,
      Instant at,
      String by) {
    /** What the rules of a track need of it. */
    TrackFacts.Reply facts() {
      return new TrackFacts.Reply(
          offer,
          StoredConstant.of(Answer.class, answer, "an answer to a rollout"),
          date,
          reason,
          at);
    }
  }

  ConsumerAnswers {
    replies = List.copyOf(replies);
  }

  /** The entry of a consumer that did not answer yet. */
  static ConsumerAnswers none(ProductName product, int rollout, String name) {
    return new ConsumerAnswers(product, rollout, name, List.of(), Optional.empty());
  }

  static ConsumerAnswers of(VersionedDocument stored) {
    return DocumentCodec.of(ConsumerAnswers.class).read(stored);
  }

  /** The same with another answer. */
  ConsumerAnswers replied(Reply reply) {
    List<Reply> all = new ArrayList<>(replies);
    all.add(reply);
    return new ConsumerAnswers(product, rollout, name, all, movedAt);
  }

  /** The same with the declaration of a move. */
  ConsumerAnswers moved(Instant at) {
    return new ConsumerAnswers(product, rollout, name, replies, Optional.of(at));
  }

  /** Its document; other fields of the existing one do not change. */
  ObjectNode toDocument(Optional<VersionedDocument> existing) {
    return DocumentCodec.of(ConsumerAnswers.class).write(this, existing);
  }
}
