package io.meshwork.internal.rollouts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
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
 */
record OfferEntry(int rollout, String consumer, List<Offer> offers) {
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
    return new OfferEntry(json.path("rollout").asInt(), json.path("consumer").asText(), offers);
  }

  /** The same with another offer. */
  public OfferEntry offered(LocalDate date, Instant at, String by) {
    List<Offer> all = new ArrayList<>(offers);
    all.add(new Offer(latest().version() + 1, date, at, by));
    return new OfferEntry(rollout, consumer, all);
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
    return json;
  }
}
