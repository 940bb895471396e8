package io.meshwork.internal.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.QualityReport.BrokenRule;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The quality of one accepted publish as the quality history stores it.
 *
 * @param rulesFailedInAccepted the number of failed rules that published rows break
 * @param brokenRules the first of these rules; at most {@link #MAX_RULES}
 */
public record PublishQuality(
    String publishId,
    @JsonProperty("contractVersion") ContractVersion contract,
    @JsonProperty("at") Instant committedAt,
    long rowsAccepted,
    long rowsQuarantined,
    int rulesPassed,
    int rulesEvaluated,
    int rulesFailedInAccepted,
    List<BrokenRule> brokenRules,
    Map<String, Double> measures)
    implements QualityEntry {
  /** The most rules that an entry names: 100 entries are one document. */
  public static final int MAX_RULES = 3;

  public PublishQuality {
    brokenRules = List.copyOf(brokenRules);
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
  }

  /**
   * The quality history of one major version.
   *
   * @param publishes its entries, newest last; each is read where it is needed
   */
  public record QualityDocument(int major, List<JsonNode> publishes) {
    /** Returns the newest entry; empty before the first publish. */
    public Optional<PublishQuality> newest() {
      return publishes.isEmpty()
          ? Optional.empty()
          : Optional.of(PublishQuality.of(publishes.get(publishes.size() - 1)));
    }

    public static QualityDocument of(VersionedDocument stored) {
      return DocumentCodec.of(QualityDocument.class).read(stored);
    }
  }

  /** Reads an entry of the quality history. */
  public static PublishQuality of(JsonNode entry) {
    return DocumentCodec.of(PublishQuality.class).read(entry);
  }

  /** Finds the newest publish of a major version, without its measures; empty before the first. */
  public static Optional<PublishQuality> newest(Ledger ledger, ProductName product, int major) {
    return ledger
        .read(RegistryKeys.quality(product, major))
        .flatMap(history -> QualityDocument.of(history).newest())
        .map(PublishQuality::withoutMeasures);
  }

  /** Returns it for readers who may see the scores, but not the measured values. */
  public PublishQuality withoutMeasures() {
    return new PublishQuality(
        publishId,
        contract,
        committedAt,
        rowsAccepted,
        rowsQuarantined,
        rulesPassed,
        rulesEvaluated,
        rulesFailedInAccepted,
        brokenRules,
        Map.of());
  }

  /** Returns the number of rules that published rows break. */
  public int rulesBroken() {
    return rulesFailedInAccepted;
  }

  /** Returns true if published rows break a rule. */
  public boolean isViolated() {
    return rulesBroken() > 0;
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
        + text(qualityScore())
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
