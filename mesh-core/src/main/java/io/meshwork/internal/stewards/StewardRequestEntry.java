package io.meshwork.internal.stewards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.StewardRequest;
import io.meshwork.rollout.StewardRequest.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stored request of a product's owner to the stewards of the mesh. Immutable.
 *
 * @param id its ID
 * @param product the product
 * @param kind what is requested
 * @param rollout the number of the rollout; 0 for a suspension, which names the request
 * @param because the reason
 * @param majors the major versions that a suspension is about; empty for other requests
 * @param consumers the consumers that it concerns, by name
 * @param by who requested it
 * @param at when
 * @param completedAt when it was used or replaced; empty while it is open
 */
public record StewardRequestEntry(
    String id,
    ProductName product,
    Kind kind,
    int rollout,
    String because,
    List<Integer> majors,
    List<String> consumers,
    Principal by,
    Instant at,
    Optional<Instant> completedAt) {
  private static final String MAJORS = "majors";
  private static final String COMPLETED_AT = "completedAt";

  /** Copies the lists. */
  public StewardRequestEntry {
    majors = List.copyOf(majors);
    consumers = List.copyOf(consumers);
  }

  /** Reads its document. */
  public static StewardRequestEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    List<String> consumers = new ArrayList<>();
    for (JsonNode consumer : json.path("consumers")) {
      consumers.add(consumer.asText());
    }
    List<Integer> majors = new ArrayList<>();
    json.path(MAJORS).forEach(major -> majors.add(major.asInt()));
    return new StewardRequestEntry(
        json.path("id").asText(),
        ProductName.of(json.path("product").asText()),
        Kind.valueOf(json.path("kind").asText()),
        json.path("rollout").asInt(),
        json.path("because").asText(),
        majors,
        consumers,
        DomainEntry.principal(json.path("by").asText()),
        Instant.parse(json.path("at").asText()),
        Optional.ofNullable(json.path(COMPLETED_AT).textValue()).map(Instant::parse));
  }

  /** Its document; other fields of the existing one are kept. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    ObjectNode json =
        existing.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
    json.put("id", id);
    json.put("product", product.toString());
    json.put("kind", kind.name());
    json.put("rollout", rollout);
    json.put("because", because);
    ArrayNode numbers = json.putArray(MAJORS);
    majors.forEach(numbers::add);
    ArrayNode array = json.putArray("consumers");
    consumers.forEach(array::add);
    json.put("by", by.toString());
    json.put("at", at.toString());
    completedAt.ifPresent(time -> json.put(COMPLETED_AT, time.toString()));
    return json;
  }

  /** The same, after it was used or replaced. */
  public StewardRequestEntry completed(Instant time) {
    return new StewardRequestEntry(
        id, product, kind, rollout, because, majors, consumers, by, at, Optional.of(time));
  }

  /** The same with these consumers only, and without the reason unless a principal gave it. */
  StewardRequestEntry visibleTo(Principal principal, List<String> some) {
    return new StewardRequestEntry(
        id,
        product,
        kind,
        rollout,
        by.equals(principal) ? because : "",
        majors,
        some,
        by,
        at,
        completedAt);
  }

  /** Returns true if it can still be approved or used. */
  public boolean isOpen() {
    return completedAt.isEmpty();
  }

  /** The public form. */
  public StewardRequest request(Optional<Principal> approvedBy) {
    return new StewardRequestRecord(
        id, product, kind, because, majors, consumers, by, at, approvedBy);
  }
}
