package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.product.MajorVersion;
import java.time.Instant;
import java.util.Optional;

/** The health of a product as a caller may know it. */
record KnownHealth(
    MajorVersion version,
    Status status,
    Freshness freshness,
    Optional<ReaderDetails> forReaders,
    Optional<Instant> since,
    Optional<ProductCard.Suspension> suspension,
    String contact,
    Optional<OwnerDetails> forOwner)
    implements Health {}
