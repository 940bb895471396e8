package io.meshwork.rollout;

import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request of a product's owner that a steward of the mesh decides on. Immutable.
 *
 * @param id its ID in the mesh
 * @param product the product
 * @param kind what is requested
 * @param because the reason that the owner gave
 * @param consumers the consumers that it concerns, as {@code domain/subscription}, or {@code
 *     domain/@} for a domain that reads without one; empty for a suspension
 * @param requestedBy who requested it
 * @param requestedAt when
 * @param approvedBy the steward who approved it; empty if none did yet
 */
public record StewardRequest(
    String id,
    ProductName product,
    Kind kind,
    String because,
    List<String> consumers,
    Principal requestedBy,
    Instant requestedAt,
    Optional<Principal> approvedBy) {
  /** What the owner requests. */
  public enum Kind {
    /** To retire a major version although these consumers need it. */
    FORCE,
    /** To continue without a consumer that has read nothing for a long time. */
    DORMANT,
    /** To suspend reads for longer than 72 hours. */
    SUSPENSION
  }

  /** Copies the consumers. */
  public StewardRequest {
    consumers = List.copyOf(consumers);
  }

  /** Returns true if no steward approved it yet. */
  public boolean isPending() {
    return approvedBy.isEmpty();
  }

  /** Returns the request in one line. */
  @Override
  public String toString() {
    return kind
        + " of "
        + product
        + (consumers.isEmpty() ? "" : " for " + String.join(", ", consumers))
        + ", requested by "
        + requestedBy
        + " at "
        + requestedAt
        + ": "
        + because
        + approvedBy.map(steward -> "; approved by " + steward).orElse("; waits for a steward");
  }
}
