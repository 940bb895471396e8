package io.meshwork.internal.stewards;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.StewardRequest;
import io.meshwork.rollout.StewardRequest.Kind;
import java.time.Instant;
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
  public StewardRequestEntry {
    majors = List.copyOf(majors);
    consumers = List.copyOf(consumers);
  }

  public static StewardRequestEntry of(VersionedDocument stored) {
    return DocumentCodec.of(StewardRequestEntry.class).read(stored);
  }

  /** Its document; other fields of the existing one do not change. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    return DocumentCodec.of(StewardRequestEntry.class).write(this, existing);
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
