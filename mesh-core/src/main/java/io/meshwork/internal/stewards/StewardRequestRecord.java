package io.meshwork.internal.stewards;

import io.meshwork.internal.catalog.ReadSuspensions.Decision;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.StewardRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A request to the stewards as it was read. Immutable. */
record StewardRequestRecord(
    String id,
    ProductName product,
    Kind kind,
    String because,
    List<Integer> majors,
    List<String> consumers,
    Principal requestedBy,
    Instant requestedAt,
    Optional<Principal> approvedBy)
    implements StewardRequest {
  StewardRequestRecord {
    majors = List.copyOf(majors);
    consumers = List.copyOf(consumers);
  }

  @Override
  public Optional<Instant> until() {
    return kind == Kind.SUSPENSION && isPending()
        ? Optional.of(requestedAt.plus(Decision.LIMIT))
        : Optional.empty();
  }

  /** Returns the request in one line. */
  @Override
  public String toString() {
    return kind
        + " of "
        + product
        + (majors.isEmpty() ? "" : " in major versions " + majors)
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
