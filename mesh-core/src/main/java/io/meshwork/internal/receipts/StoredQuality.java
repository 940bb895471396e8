package io.meshwork.internal.receipts;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.meshwork.product.ContractVersion;
import io.meshwork.publish.PublishHistory.QualityEntry;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** The quality of one accepted publish as it is stored. */
record StoredQuality(
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
  public StoredQuality {
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
  }

  /** The same for readers who may see the scores, but not the measured values. */
  StoredQuality withoutMeasures() {
    return new StoredQuality(
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

  /** The quality in one line, without the measured values. */
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
  static String text(OptionalDouble score) {
    return score.isPresent() ? Double.toString(score.getAsDouble()) : "none";
  }
}
