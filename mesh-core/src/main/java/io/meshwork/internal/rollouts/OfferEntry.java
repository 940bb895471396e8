package io.meshwork.internal.rollouts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollouts.TrackFacts.Dormancy;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stored dates that the owner of a rollout offered to one consumer, and what the owner decided
 * about it. Immutable.
 *
 * @param rollout the number of the rollout
 * @param consumer the consumer as {@code domain/subscription}, or {@code domain/@} for reads
 *     without one
 * @param offers the offers in order, the last of which counts
 * @param dormancy the request to continue without the consumer; empty if there is none
 * @param forcedAt when the old major version was retired by force under it; empty if it was not
 */
record OfferEntry(
    int rollout,
    String consumer,
    List<Offer> offers,
    Optional<DormancyRequest> dormancy,
    Optional<Instant> forcedAt) {
  private static final String DORMANCY = "dormancy";
  private static final String APPROVED_BY = "approvedBy";
  private static final String FORCED_AT = "forcedAt";

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

  /**
   * The owner's request to continue without a consumer that reads nothing.
   *
   * @param because the reason
   * @param at when the owner asked
   * @param by who asked
   * @param approvedBy the steward who approved it; empty if none did yet
   */
  public record DormancyRequest(
      String because, Instant at, String by, Optional<String> approvedBy) {
    /** What the rules of a track need of it. */
    public Dormancy facts() {
      return new Dormancy(at, approvedBy);
    }
  }

  /** Copies the offers. */
  public OfferEntry {
    offers = List.copyOf(offers);
  }

  /** The entry of a consumer with these offers only. */
  public static OfferEntry of(int rollout, String consumer, List<Offer> offers) {
    return new OfferEntry(rollout, consumer, offers, Optional.empty(), Optional.empty());
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
        Optional.of(json.path(DORMANCY)).filter(JsonNode::isObject).map(OfferEntry::request),
        Optional.ofNullable(json.path(FORCED_AT).textValue()).map(Instant::parse));
  }

  private static DormancyRequest request(JsonNode json) {
    return new DormancyRequest(
        json.path("because").asText(),
        Instant.parse(json.path("at").asText()),
        json.path("by").asText(),
        Optional.ofNullable(json.path(APPROVED_BY).textValue()));
  }

  /** The same with another offer. */
  public OfferEntry offered(LocalDate date, Instant at, String by) {
    List<Offer> all = new ArrayList<>(offers);
    all.add(new Offer(latest().version() + 1, date, at, by));
    return new OfferEntry(rollout, consumer, all, dormancy, forcedAt);
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
    json.remove(DORMANCY);
    dormancy.ifPresent(
        request -> {
          ObjectNode asked =
              json.putObject(DORMANCY)
                  .put("because", request.because())
                  .put("at", request.at().toString())
                  .put("by", request.by());
          request.approvedBy().ifPresent(steward -> asked.put(APPROVED_BY, steward));
        });
    json.remove(FORCED_AT);
    forcedAt.ifPresent(at -> json.put(FORCED_AT, at.toString()));
    return json;
  }
}
