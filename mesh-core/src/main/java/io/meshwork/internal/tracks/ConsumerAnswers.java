package io.meshwork.internal.tracks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Track.Answer;
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
public record ConsumerAnswers(
    ProductName product, int rollout, String name, List<Reply> replies, Optional<Instant> movedAt) {
  private static final String MOVED_AT = UsageEntry.MOVED_AT;
  private static final String DATE = "date";
  private static final String REASON = "reason";

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
  public record Reply(
      int offer,
      String answer,
      Optional<LocalDate> date,
      Optional<String> reason,
      Instant at,
      String by) {
    /** What the rules of a track need of it. */
    public TrackFacts.Reply facts() {
      return new TrackFacts.Reply(offer, Answer.valueOf(answer), date, reason, at);
    }
  }

  /** Copies the answers. */
  public ConsumerAnswers {
    replies = List.copyOf(replies);
  }

  /** The entry of a consumer that did not answer yet. */
  public static ConsumerAnswers none(ProductName product, int rollout, String name) {
    return new ConsumerAnswers(product, rollout, name, List.of(), Optional.empty());
  }

  /** Reads its document. */
  public static ConsumerAnswers of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    List<Reply> replies = new ArrayList<>();
    for (JsonNode reply : json.path("replies")) {
      replies.add(
          new Reply(
              reply.path("offer").asInt(),
              reply.path("answer").asText(),
              Optional.ofNullable(reply.path(DATE).textValue()).map(LocalDate::parse),
              Optional.ofNullable(reply.path(REASON).textValue()),
              Instant.parse(reply.path("at").asText()),
              reply.path("by").asText()));
    }
    return new ConsumerAnswers(
        ProductName.of(json.path("product").asText()),
        json.path("rollout").asInt(),
        json.path("name").asText(),
        replies,
        Optional.ofNullable(json.path(MOVED_AT).textValue()).map(Instant::parse));
  }

  /** The same with another answer. */
  public ConsumerAnswers replied(Reply reply) {
    List<Reply> all = new ArrayList<>(replies);
    all.add(reply);
    return new ConsumerAnswers(product, rollout, name, all, movedAt);
  }

  /** The same with the declaration of a move. */
  public ConsumerAnswers moved(Instant at) {
    return new ConsumerAnswers(product, rollout, name, replies, Optional.of(at));
  }

  /** Its document; other fields of the existing one are kept. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    ObjectNode json =
        existing.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
    json.put("product", product.toString());
    json.put("rollout", rollout);
    json.put("name", name);
    movedAt.ifPresent(at -> json.put(MOVED_AT, at.toString()));
    ArrayNode array = json.putArray("replies");
    for (Reply reply : replies) {
      ObjectNode each =
          array
              .addObject()
              .put("offer", reply.offer())
              .put("answer", reply.answer())
              .put("at", reply.at().toString())
              .put("by", reply.by());
      reply.date().ifPresent(date -> each.put(DATE, date.toString()));
      reply.reason().ifPresent(text -> each.put(REASON, text));
    }
    return json;
  }
}
