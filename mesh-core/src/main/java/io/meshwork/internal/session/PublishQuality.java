package io.meshwork.internal.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The quality of one accepted publish as the quality history stores it. */
public record PublishQuality(
    String publishId,
    @JsonProperty("contractVersion") ContractVersion contract,
    @JsonProperty("at") Instant committedAt,
    long rowsAccepted,
    long rowsQuarantined,
    OptionalDouble qualityScore,
    OptionalDouble rowScore,
    int rulesPassed,
    int rulesEvaluated,
    Map<String, Double> measures)
    implements QualityEntry {
  public PublishQuality {
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
  }

  /** Reads an entry of the quality history. */
  public static PublishQuality of(JsonNode entry) {
    return DocumentCodec.of(PublishQuality.class).read(entry);
  }

  /** Finds the newest publish of a major version, without its measures; empty before the first. */
  public static Optional<PublishQuality> newest(Ledger ledger, ProductName product, int major) {
    return ledger
        .read(RegistryKeys.quality(product, major))
        .map(history -> history.json().path("publishes"))
        .filter(publishes -> !publishes.isEmpty())
        .map(publishes -> of(publishes.get(publishes.size() - 1)).withoutMeasures());
  }

  /** Returns it for readers who may see the scores, but not the measured values. */
  public PublishQuality withoutMeasures() {
    return new PublishQuality(
        publishId,
        contract,
        committedAt,
        rowsAccepted,
        rowsQuarantined,
        qualityScore,
        rowScore,
        rulesPassed,
        rulesEvaluated,
        Map.of());
  }

  /** Returns true if a rule failed or rows were quarantined. */
  public boolean isViolated() {
    return rowsQuarantined > 0 || rulesPassed < rulesEvaluated;
  }

  /** Returns the quality in one line, without the measured values. */
  @Override
  public String toString() {
    return "QualityEntry[committedAt="
        + committedAt
        + ", contract="
        + contract
        + ", rowsAccepted="
        + rowsAccepted
        + ", rowsQuarantined="
        + rowsQuarantined
        + ", qualityScore="
        + text(qualityScore)
        + ", rowScore="
        + text(rowScore)
        + ", rulesPassed="
        + rulesPassed
        + ", rulesEvaluated="
        + rulesEvaluated
        + ", publishId="
        + publishId
        + "]";
  }

  /** Returns a score, or {@code none}. */
  public static String text(OptionalDouble score) {
    return score.isPresent() ? Double.toString(score.getAsDouble()) : "none";
  }
}
