package io.meshwork.examples.docs;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.compare;
import static io.meshwork.contract.Rule.mean;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.stddev;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshwork.Mesh;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.InMemoryMesh;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Compares the results with counts of the same file by DuckDB. */
class GreenTripsTest {
  private static Path file;

  @BeforeAll
  static void copy() throws IOException {
    file = GreenTrips.dataFile();
  }

  private static PublishReceipt publish(Contract contract) {
    try (Mesh mesh = InMemoryMesh.open()) {
      return GreenTrips.publish(mesh, contract, file);
    }
  }

  private static Map<String, RuleResult> results(QualityReport report) {
    Map<String, RuleResult> results = new TreeMap<>();
    report.rules().forEach(rule -> results.put(rule.ruleId(), rule));
    return results;
  }

  @Test
  void theWholeMonthSatisfiesTheContract() {
    PublishReceipt receipt = publish(GreenTrips.contract());
    Map<String, RuleResult> rules = results(receipt.quality());

    assertThat(receipt.rowsAccepted()).isEqualTo(56_551);
    assertThat(receipt.quality().rowsQuarantined()).isZero();
    assertThat(receipt.quality().qualityScore()).hasValue(100);
    assertThat(rules.keySet()).hasSize(15);
    rules.forEach(
        (id, result) ->
            assertThat(result.outcome())
                .as(id)
                .isEqualTo(id.equals("documented_oddities") ? Outcome.SKIPPED : Outcome.PASS));
    assertThat(rules.values().stream().filter(rule -> rule.failingRows() > 0))
        .extracting(RuleResult::ruleId)
        .containsExactlyInAnyOrder("passenger_complete", "distance_plausible", "fare_not_negative");
    assertThat(rules.get("passenger_complete").failingRows()).isEqualTo(3_415);
    assertThat(rules.get("passenger_complete").percent()).isBetween(6.0387, 6.0389);
    assertThat(rules.get("distance_plausible").failingRows()).isEqualTo(46);
    assertThat(rules.get("distance_plausible").percent()).isBetween(0.0813, 0.0814);
    assertThat(rules.get("fare_not_negative").failingRows()).isEqualTo(182);
    assertThat(rules.get("fare_not_negative").percent()).isBetween(0.3218, 0.3219);
  }

  @Test
  void rulesThatTheMonthWouldBreakAreCounted() {
    Contract contract =
        GreenTrips.contract()
            .require(
                unique(
                        "VendorID",
                        "lpep_pickup_datetime",
                        "lpep_dropoff_datetime",
                        "PULocationID",
                        "DOLocationID")
                    .warn()
                    .id("five"),
                unique("lpep_pickup_datetime", "PULocationID").warn().id("two"),
                notNull("ehail_fee").warn(),
                mean("trip_distance", 0, 10).warn(),
                stddev("trip_distance", 0, 100).warn(),
                compare("lpep_dropoff_datetime > lpep_pickup_datetime").warn().id("equal"),
                atLeast("fare_amount", 0).warn().id("fare"),
                atLeast("total_amount", 0).warn().id("total"),
                atLeast("total_amount", 0).where("fare_amount < 0").warn().id("both"));
    Map<String, RuleResult> rules = results(publish(contract).quality());

    assertThat(rules.get("five").failingRows()).isEqualTo(181);
    assertThat(rules.get("two").failingRows()).isEqualTo(305);
    assertThat(rules.get("notNull.ehail_fee").failingRows()).isEqualTo(56_551);
    assertThat(rules.get("mean.trip_distance").measure().getAsDouble())
        .isCloseTo(31.4911239, within(1e-7));
    assertThat(rules.get("mean.trip_distance").outcome()).isEqualTo(Outcome.FAIL);
    assertThat(rules.get("stddev.trip_distance").measure().getAsDouble())
        .isCloseTo(1417.4603817, within(1e-7));
    assertThat(rules.get("equal").failingRows()).isEqualTo(76);
    assertThat(rules.get("fare").failingRows()).isEqualTo(182);
    assertThat(rules.get("total").failingRows()).isEqualTo(185);
    assertThat(rules.get("both").failingRows()).isEqualTo(181);
    assertThat(rules.get("both").evaluatedRows()).isEqualTo(182);
  }

  @Test
  void withoutToleranceTheBadTripsAreQuarantined() {
    PublishReceipt receipt =
        publish(quarantining(between("trip_distance", 0, 100), between("fare_amount", 0, 2000)));

    assertThat(receipt.rowsAccepted()).isEqualTo(56_323);
    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(228);
  }

  @Test
  void tripsWithANegativeFareOrTotalAreQuarantinedOnce() {
    PublishReceipt receipt =
        publish(quarantining(atLeast("fare_amount", 0), atLeast("total_amount", 0)));

    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(186);
  }

  @Test
  void withoutToleranceAndQuarantineNothingIsPublished() {
    Contract strict =
        quarantining(between("trip_distance", 0, 100)).onViolation(OnViolation.REJECT);

    Assertions.assertThatThrownBy(() -> publish(strict))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("between.trip_distance", "46", "Nothing was published");
  }

  private static Contract quarantining(Rule... rules) {
    return Contract.of(GreenTrips.contract().schema())
        .require(rules)
        .onViolation(OnViolation.QUARANTINE);
  }
}
