package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.local.LocalMesh;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlReader;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A document of green taxi trips, as the contract of a product with a month of real trips. */
class GreenTripsDocumentTest {
  /** A zone of the city. */
  record TaxiZone(@Column("LocationID") int id) {}

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(GreenTripsDocumentTest.class.getResource(name)).toURI());
  }

  private static OdcsDocument document() throws URISyntaxException {
    return OdcsDocument.read(resource("/odcs/green-trips.odcs.yaml"));
  }

  @Test
  void aMonthOfTripsIsPublishedUnderAnImportedContractAndExportedAsItWas(@TempDir Path folder)
      throws URISyntaxException {
    OdcsDocument document = document();
    ProductName trips = document.product().orElseThrow();
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient mobility = mesh.clientAs(Principal.of("mobility", "etl"));
      mobility.registerDomain("mobility").owner("trips@example.org").commit();
      mobility.defineProduct("mobility/taxi-zones").contract(Contract.of(TaxiZone.class)).commit();
      mobility
          .publish("mobility/taxi-zones")
          .records(IntStream.rangeClosed(1, 265).mapToObj(TaxiZone::new).toList())
          .idempotencyKey("2024")
          .commit();
      mobility
          .defineProduct(trips)
          .contract(document.contract())
          .partitionBy(document.partitions().toArray(Partition[]::new))
          .commit();

      PublishReceipt receipt =
          mobility
              .publish(trips)
              .files(resource("/green_tripdata_2024-01.parquet"))
              .idempotencyKey("2024-01")
              .commit();

      Map<String, Long> failing =
          receipt.quality().rules().stream()
              .filter(rule -> rule.failingRows() > 0)
              .collect(Collectors.toMap(RuleResult::ruleId, RuleResult::failingRows));
      assertThat(receipt.quality().failed()).isEmpty();
      assertThat(receipt.quality().rowsAccepted()).isEqualTo(56_551);
      assertThat(failing)
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "passenger_complete",
                  3_415L,
                  "distance_plausible",
                  46L,
                  "fare_not_negative",
                  182L));

      Contract stored = mobility.describe(trips).contract();
      assertThat(stored).isEqualTo(document.contract());
      assertThat(OdcsExport.of(stored).asYaml())
          .isEqualTo(OdcsExport.of(document.contract()).asYaml());
      YamlNode export = YamlReader.read(OdcsExport.of(stored).asYaml(), "an export");
      assertThat(export.sameAs(YamlReader.read(document.asYaml(), "the document"))).isTrue();
    }
  }

  @Test
  void itsTermsRulesAndTypesAreMapped() throws URISyntaxException {
    OdcsDocument document = document();
    Contract contract = document.contract();

    assertThat(document.product()).contains(ProductName.of("mobility/green-trips"));
    assertThat(document.partitions()).containsExactly(Partition.month("lpep_pickup_datetime"));
    assertThat(contract.schema().getFields()).hasSize(20);
    assertThat(contract.schema().getField("lpep_pickup_datetime").schema().toString())
        .contains("local-timestamp-micros");
    assertThat(contract.schema().getField("RatecodeID").schema().isNullable()).isTrue();
    assertThat(contract.classification()).isEqualTo(Classification.PUBLIC);
    assertThat(contract.onViolation()).isEqualTo(OnViolation.QUARANTINE);
    assertThat(contract.freshWithin()).contains(Duration.ofDays(45));
    assertThat(contract.purposes()).containsExactly("demand-analysis", "fare-analysis");
    assertThat(contract.rules().stream().map(rule -> rule.id() + " " + rule))
        .contains(
            "vendor_known inSet(VendorID, 1, 2, 6)",
            "PULocationID.range between(PULocationID, 1, 265)",
            "passenger_complete notNull(passenger_count) failing <= 10 percent",
            "distance_plausible between(trip_distance, 0, 100) failing <= 0.1 percent",
            "dropoff_after_pickup compare(lpep_dropoff_datetime >= lpep_pickup_datetime)",
            "references.PULocationID references(PULocationID; mobility/taxi-zones; LocationID)");
    assertThat(contract.rules())
        .filteredOn(rule -> rule.id().equals("trip_unique"))
        .singleElement()
        .satisfies(rule -> assertThat(rule.scope()).isEqualTo(Rule.Scope.TABLE));
    assertThat(document.report().elements(Outcome.REFUSED)).isEmpty();
    assertThat(document.report().toString())
        .contains("PRESERVED slaProperties[0].element")
        .contains("MAPPED schema[0].quality[0]");
  }
}
