package io.meshwork.internal.rollout.consumers;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One consumer that a rollout waits for or notifies, with the documents that state it. Immutable.
 *
 * @param consumer its domain, and the partition that the domain writes to
 * @param name the name of the subscription, or {@code @} for reads without one
 * @param contact whom to notify
 * @param columns paths of the columns of the old major version that it reads; empty for all
 * @param facts what the documents state
 * @param offer the document of the offers; empty if none was stored yet, so that the date of the
 *     rollout holds
 * @param answer the document of the answers; empty if it did not answer
 * @param subscription the document of the live subscription; empty for reads without one, and after
 *     its end
 */
public record TrackedConsumer(
    Catalog.Consumer consumer,
    String name,
    String contact,
    List<String> columns,
    TrackFacts facts,
    Optional<VersionedDocument> offer,
    Optional<VersionedDocument> answer,
    Optional<VersionedDocument> subscription) {
  public TrackedConsumer {
    columns = List.copyOf(columns);
  }

  /**
   * Returns the ID of a consumer, with what it means if it is not a subscription.
   *
   * @param id {@code domain/subscription}, or {@code domain/@}
   */
  public static String described(String id) {
    return id.endsWith("/" + UsageEntry.WITHOUT_SUBSCRIPTION)
        ? id + " (reads without a subscription)"
        : id;
  }

  /** The consumer as {@code domain/subscription}, or {@code domain/@}. */
  public String id() {
    return facts.consumer();
  }

  /** The track at a time. */
  public TrackStatus status(RolloutTerms terms, Instant now) {
    return TrackRules.derive(facts, terms, now);
  }

  /** The last escalation; empty if there was none since the consumer has its track. */
  Optional<OfferEntry.Escalation> escalation() {
    return offer
        .map(OfferEntry::of)
        .flatMap(OfferEntry::escalation)
        .filter(last -> !last.at().isBefore(facts.since()));
  }

  /** The same after an answer, which this transaction writes. */
  TrackedConsumer answered(ConsumerAnswers next, String version) {
    TrackFacts before =
        facts.withAnswers(
            next.replies().stream()
                .map(ConsumerAnswers.Reply::facts)
                .filter(reply -> !reply.at().isBefore(facts.since()))
                .toList(),
            next.movedAt().filter(at -> !at.isBefore(facts.since())));
    Key key =
        RegistryKeys.rolloutAnswer(consumer.partition(), next.product(), next.rollout(), name);
    return new TrackedConsumer(
        consumer,
        name,
        contact,
        columns,
        before,
        offer,
        Optional.of(new VersionedDocument(key, next.toDocument(answer), version)),
        subscription);
  }

  /** The same after an offer or an escalation, which this transaction writes. */
  TrackedConsumer offered(OfferEntry next, ProductName product, String version) {
    Key key = RegistryKeys.rolloutOffer(product, next.rollout(), id());
    return new TrackedConsumer(
        consumer,
        name,
        contact,
        columns,
        facts.withOffers(next.offers().stream().map(OfferEntry.Offer::facts).toList()),
        Optional.of(new VersionedDocument(key, next.toDocument(offer), version)),
        answer,
        subscription);
  }

  /**
   * The offers as stored, or as they would be: a consumer without a document has the first offer,
   * with the date of the rollout.
   *
   * @param by who makes the first offer, if it is not stored
   */
  OfferEntry offers(int rollout, String by) {
    return offer
        .map(OfferEntry::of)
        .orElseGet(
            () ->
                new OfferEntry(
                    rollout,
                    id(),
                    facts.offers().stream()
                        .map(
                            each ->
                                new OfferEntry.Offer(each.version(), each.date(), each.at(), by))
                        .toList()));
  }
}
