package io.meshwork.internal.tracks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.rollout.Track.Escalation;
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
public record OfferEntry(
    int rollout, String consumer, List<Offer> offers, Optional<Escalation> escalation) {
  private static final String ESCALATION = "escalation";
  private static final String BECAUSE = "because";

  /**
   * An offered date.
   *
   * @param version counts the offers to this consumer from 1
   * @param date the last day of the old major version for this consumer, in UTC
   * @param at when it was offered
   * @param by who offered it
   */
  public record Offer(int version, LocalDate date, Instant at, String by) {
    /** What the rules of a track need of it. */
    public TrackFacts.Offer facts() {
      return new TrackFacts.Offer(version, date, at);
    }
  }

  /** The offers to a consumer without an escalation. */
  public OfferEntry(int rollout, String consumer, List<Offer> offers) {
    this(rollout, consumer, offers, Optional.empty());
  }

  /** Copies the offers. */
  public OfferEntry {
    offers = List.copyOf(offers);
  }

  /** Reads its document. */
  public static OfferEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    List<Offer> offers = new ArrayList<>();
    for (JsonNode offer : json.path("offers")) {
      offers.add(
          new Offer(
              offer.path("version").asInt(),
              LocalDate.parse(offer.path("date").asText()),
              Instant.parse(offer.path("at").asText()),
              offer.path("by").asText()));
    }
    return new OfferEntry(
        json.path("rollout").asInt(),
        json.path("consumer").asText(),
        offers,
        Optional.of(json.path(ESCALATION)).filter(JsonNode::isObject).map(OfferEntry::escalation));
  }

  private static Escalation escalation(JsonNode json) {
    return new Escalation(
        json.path(BECAUSE).asText(),
        Instant.parse(json.path("at").asText()),
        DomainEntry.principal(json.path("by").asText()));
  }

  /** The same with another offer. */
  public OfferEntry offered(LocalDate date, Instant at, String by) {
    List<Offer> all = new ArrayList<>(offers);
    all.add(new Offer(latest().version() + 1, date, at, by));
    return new OfferEntry(rollout, consumer, all, escalation);
  }

  /** The same after an escalation. */
  public OfferEntry escalated(Escalation next) {
    return new OfferEntry(rollout, consumer, offers, Optional.of(next));
  }

  /** The offer that counts. */
  public Offer latest() {
    return offers.get(offers.size() - 1);
  }

  /** Its document; other fields of the existing one are kept. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    ObjectNode json =
        existing.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
    json.put("rollout", rollout);
    json.put("consumer", consumer);
    ArrayNode array = json.putArray("offers");
    for (Offer offer : offers) {
      array
          .addObject()
          .put("version", offer.version())
          .put("date", offer.date().toString())
          .put("at", offer.at().toString())
          .put("by", offer.by());
    }
    escalation.ifPresent(
        last ->
            json.putObject(ESCALATION)
                .put(BECAUSE, last.because())
                .put("at", last.at().toString())
                .put("by", last.by().toString()));
    return json;
  }
}
