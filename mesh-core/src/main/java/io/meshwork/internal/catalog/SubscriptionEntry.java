package io.meshwork.internal.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Optional;

/**
 * A subscription, as the registry stores it. Immutable.
 *
 * @param generation how many subscriptions of this name were ended before it
 * @param name its name in the consuming domain
 * @param product the consumed product
 * @param domain the consuming domain
 * @param terms what it reads
 * @param registeredAt when it was registered
 * @param by who changed it last; its rights decide what notices to the contact contain
 */
public record SubscriptionEntry(
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) long generation,
    String name,
    ProductName product,
    String domain,
    @JsonUnwrapped SubscriptionTerms terms,
    Instant registeredAt,
    Principal by) {
  public static SubscriptionEntry of(VersionedDocument stored) {
    return DocumentCodec.of(SubscriptionEntry.class).read(stored);
  }

  /** Returns the generation alone, which each poll compares. */
  public static long generation(VersionedDocument stored) {
    return stored.json().path("generation").asLong();
  }

  /** Returns the major version alone, which each poll compares. */
  public static int major(VersionedDocument stored) {
    return stored.json().path("major").asInt();
  }

  /** Its document; unknown fields of the existing one are retained. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    return DocumentCodec.of(SubscriptionEntry.class).write(this, existing);
  }
}
