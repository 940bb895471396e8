package io.meshwork.internal.rollout.consumers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stored dates that the owner of a rollout offered to one consumer. Immutable.
 *
 * @param rollout the number of the rollout
 * @param consumer the consumer as {@code domain/subscription}, or {@code domain/@} for reads
 *     without one
 * @param offers the offers in order, the last of which counts
 * @param escalation the last escalation by the owner; empty if there was none
 */
record OfferEntry(
    int rollout, String consumer, List<Offer> offers, Optional<Escalation> escalation) {
  /**
   * An offered date.
   *
   * @param version counts the offers to this consumer from 1
   * @param date the last day of the old major version for this consumer, in UTC
   * @param at when it was offered
   * @param by who offered it
   */
  record Offer(int version, LocalDate date, Instant at, String by) {
    /** What the rules of a track need of it. */
    TrackFacts.Offer facts() {
      return new TrackFacts.Offer(version, date, at);
    }
  }

  /**
   * The owner's request that the owners of both domains settle what a consumer and the owner did
   * not.
   *
   * @param because the reason
   * @param at when it was escalated
   * @param by who escalated it
   */
  record Escalation(String because, Instant at, Principal by) {}

  /** The offers to a consumer without an escalation. */
  OfferEntry(int rollout, String consumer, List<Offer> offers) {
    this(rollout, consumer, offers, Optional.empty());
  }

  OfferEntry {
    offers = List.copyOf(offers);
  }

  static OfferEntry of(VersionedDocument stored) {
    return DocumentCodec.of(OfferEntry.class).read(stored);
  }

  /** The same with another offer. */
  OfferEntry offered(LocalDate date, Instant at, String by) {
    List<Offer> all = new ArrayList<>(offers);
    all.add(new Offer(latest().version() + 1, date, at, by));
    return new OfferEntry(rollout, consumer, all, escalation);
  }

  /** The same after an escalation. */
  OfferEntry escalated(Escalation next) {
    return new OfferEntry(rollout, consumer, offers, Optional.of(next));
  }

  /** The offer that counts. */
  Offer latest() {
    return offers.get(offers.size() - 1);
  }

  /** Its document; other fields of the existing one do not change. */
  ObjectNode toDocument(Optional<VersionedDocument> existing) {
    return DocumentCodec.of(OfferEntry.class).write(this, existing);
  }
}
