package io.meshwork.internal.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.card.ProductCard;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the quality history has of a publish, without measures. Immutable.
 *
 * @param quarantined the rows that were quarantined
 */
public record PublishQuality(
    String publishId,
    ContractVersion contractVersion,
    @JsonProperty("at") Instant committedAt,
    @JsonProperty("qualityScore") OptionalDouble score,
    int rulesPassed,
    int rulesEvaluated,
    @JsonProperty("rowsQuarantined") long quarantined) {
  /** Reads an entry of the quality history. */
  public static PublishQuality of(JsonNode entry) {
    return DocumentCodec.of(PublishQuality.class).read(entry);
  }

  /** Finds the newest publish of a major version; empty before the first. */
  public static Optional<PublishQuality> newest(Ledger ledger, ProductName product, int major) {
    return ledger
        .read(RegistryKeys.quality(product, major))
        .map(history -> history.json().path("publishes"))
        .filter(publishes -> !publishes.isEmpty())
        .map(publishes -> of(publishes.get(publishes.size() - 1)));
  }

  /** Returns true if a rule failed or rows were quarantined. */
  public boolean isViolated() {
    return quarantined > 0 || rulesPassed < rulesEvaluated;
  }

  /** Returns the public form. */
  public ProductCard.Quality card() {
    return new ProductCard.Quality(
        publishId, contractVersion, committedAt, score, rulesPassed, rulesEvaluated);
  }
}
