package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Optional;

/**
 * What remains of a subscription that was ended. Immutable.
 *
 * @param generation how many subscriptions of this name were ended
 * @param reason the reason; empty if none was given
 */
public record EndedSubscription(
    ProductName product,
    String domain,
    String name,
    String contact,
    long generation,
    Instant at,
    Principal by,
    Optional<String> reason) {
  public static EndedSubscription of(VersionedDocument stored) {
    return DocumentCodec.of(EndedSubscription.class).read(stored);
  }

  /** Its document; unknown fields of the existing one are retained. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    return DocumentCodec.of(EndedSubscription.class).write(this, existing);
  }
}
