package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The stored suspension of a major: only its owner can read it, and publishes go on. Immutable.
 *
 * @param request the ID of the request to the stewards, whose approval makes it last
 * @param because the reason
 * @param by who suspended it
 * @param at when
 * @param until when it ends if no steward approves it
 */
public record MajorSuspension(
    String request, String because, Principal by, Instant at, Instant until) {
  /** How long a suspension lasts without an approval. */
  public static final Duration LIMIT = Duration.ofHours(72);

  private static final String SUSPENDED = "suspended";

  /** The suspension of a major, whether it has ended or not; empty if it is not suspended. */
  public static Optional<MajorSuspension> of(VersionEntry major) {
    JsonNode json = major.majorStored().json().path(SUSPENDED);
    return json.isObject()
        ? Optional.of(
            new MajorSuspension(
                json.path("request").asText(),
                json.path("because").asText(),
                DomainEntry.principal(json.path("by").asText()),
                Instant.parse(json.path("at").asText()),
                Instant.parse(json.path("until").asText())))
        : Optional.empty();
  }

  /** The document of a major that is suspended. */
  public ObjectNode addTo(VersionEntry major) {
    ObjectNode json = major.majorStored().json().deepCopy();
    json.putObject(SUSPENDED)
        .put("request", request)
        .put("because", because)
        .put("by", by.toString())
        .put("at", at.toString())
        .put("until", until.toString());
    return json;
  }

  /** The document of a major that is no longer suspended. */
  public static ObjectNode removeFrom(VersionEntry major) {
    ObjectNode json = major.majorStored().json().deepCopy();
    json.remove(SUSPENDED);
    return json;
  }
}
