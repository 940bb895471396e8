package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.product.MajorVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The health of a product as a caller may know it.
 *
 * @param notified unmodifiable, and read from the registry when it is needed first
 * @param availability as {@code notified}
 */
record KnownHealth(
    MajorVersion version,
    Status status,
    List<String> problems,
    Freshness freshness,
    Optional<QualityEntry> quality,
    OptionalLong rows,
    OptionalLong bytes,
    OptionalLong rowsWaiting,
    Optional<Instant> waitingSince,
    Optional<Instant> since,
    Optional<ProductCard.Suspension> suspension,
    String contact,
    boolean isForOwner,
    List<String> notified,
    Optional<RefusedPublish> lastRefused,
    List<Availability> availability)
    implements Health {
  KnownHealth {
    problems = List.copyOf(problems);
  }
}
