package io.meshwork.publish;

import io.meshwork.product.ContractVersion;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How good the rows of one accepted publish were. Immutable.
 *
 * @param publishId the id of the publish, which its receipt and its files carry
 * @param contract what the rows were checked against; its major says which table it is
 * @param committedAt when they became visible, by the mesh's clock
 * @param rowsAccepted rows that were published
 * @param rowsQuarantined rows set aside
 * @param qualityScore 100 times rules passed by rules evaluated; empty if none was evaluated
 * @param rowScore 100 times rows without any ERROR failure by rows offered; empty if there were
 *     none
 * @param rulesPassed how many rules held
 * @param rulesEvaluated how many rules were judged, or should have been; skipped ones are left out
 * @param measures what was measured, by name: {@code rowCount} always, and what the contract's
 *     rules measure, such as {@code mean(fare)}; dates in days since 1970, times in seconds; in the
 *     contract's order. Numbers that are not finite are left out. Empty in a {@link DomainQuality},
 *     where not even {@code rowCount} stands
 */
public record QualityEntry(
    String publishId,
    ContractVersion contract,
    Instant committedAt,
    long rowsAccepted,
    long rowsQuarantined,
    OptionalDouble qualityScore,
    OptionalDouble rowScore,
    int rulesPassed,
    int rulesEvaluated,
    Map<String, Double> measures) {
  /** Copies the measures, in their order. */
  public QualityEntry {
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
  }

  /** The same for those who may know that it is good, and not what is in it. */
  QualityEntry withoutMeasures() {
    return new QualityEntry(
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
}
