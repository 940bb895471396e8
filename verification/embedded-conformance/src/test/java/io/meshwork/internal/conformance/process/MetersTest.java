package io.meshwork.internal.conformance.process;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.meter.Meters;
import io.meshwork.micrometer.MicrometerMeters;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/** Micrometer receives the meters of a mesh. */
class MetersTest {
  private static final String ORDERS = "commerce/orders";
  private static final String[] OF_ORDERS = {
    "domain", "commerce", "product", "orders", "major", "1"
  };

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));

  private Mesh.Builder with() {
    return InMemoryMesh.builder()
        .clock(clock)
        .testing()
        .sleeper(clock::advance)
        .meters(MicrometerMeters.over(registry));
  }

  private static MeshClient define(Mesh mesh) {
    MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
    shop.registerDomain("commerce").owner("shop@example.org").commit();
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .require(atLeast("amount", 0))
                .require(atLeast("id", 0))
                .onViolation(OnViolation.QUARANTINE))
        .commit();
    return shop;
  }

  private static List<Order> oneBad() {
    List<Order> orders = new ArrayList<>(Order.range(0, 10));
    orders.set(5, new Order(5, "c", new BigDecimal("-1.00"), Optional.empty()));
    return orders;
  }

  private double commits(String domain, String outcome) {
    return registry
        .get("meshwork.commits")
        .tags("domain", domain, "outcome", outcome)
        .counter()
        .count();
  }

  @Test
  void metersOfRowsQualityAndFreshnessArePerMajorVersion() {
    try (Mesh mesh = with().open()) {
      MeshClient shop = define(mesh);
      shop.publish(ORDERS).records(oneBad()).idempotencyKey("run").commit();
      shop.publish(ORDERS).records(oneBad()).idempotencyKey("run").commit();
      shop.publish(ORDERS).records(Order.range(10, 12)).commit();
      clock.advance(Duration.ofSeconds(90));

      assertThat(registry.get("meshwork.records_processed").tags(OF_ORDERS).counter().count())
          .isEqualTo(12);
      assertThat(registry.get("meshwork.records_quarantined").tags(OF_ORDERS).counter().count())
          .isEqualTo(1);
      assertThat(registry.get("meshwork.quality_score").tags(OF_ORDERS).gauge().value())
          .isEqualTo(100);
      assertThat(registry.get("meshwork.freshness_minutes").tags(OF_ORDERS).gauge().value())
          .isEqualTo(1.5);
      assertThat(commits("commerce", "committed"))
          .as("a definition and two publishes")
          .isEqualTo(3);
      assertThat(
              registry
                  .get("meshwork.publish")
                  .tags("domain", "commerce", "product", "orders", "outcome", "replayed")
                  .timer()
                  .count())
          .isEqualTo(1);
    }
  }

  @Test
  void aPublishWithoutRowsChangesNeitherFreshnessNorQuality() {
    try (Mesh mesh = with().open()) {
      MeshClient shop = define(mesh);
      shop.publish(ORDERS).records(oneBad()).commit();
      clock.advance(Duration.ofMinutes(10));

      shop.publish(ORDERS).records(List.of()).commit();

      assertThat(registry.get("meshwork.freshness_minutes").tags(OF_ORDERS).gauge().value())
          .isEqualTo(10);
      assertThat(registry.get("meshwork.quality_score").tags(OF_ORDERS).gauge().value())
          .isEqualTo(90);
      assertThat(shop.describe(ORDERS).quality().orElseThrow().qualityScore())
          .as("the card")
          .hasValue(90);
    }
  }

  @Test
  void theScoreIsThatOfTheCardAlsoAfterOneOfSeveralRowsIsCorrected() {
    try (Mesh mesh = with().open()) {
      MeshClient shop = define(mesh);
      shop.amendContract(ORDERS).change(now -> now.maxQuarantineShare(100)).commit();
      Order bad = oneBad().get(5);
      shop.publish(ORDERS).records(List.of(oneBad().get(0), bad, bad)).commit();
      assertScores(shop, 100.0 / 3);
      clock.advance(Duration.ofMinutes(10));

      shop.publish(ORDERS)
          .republish(
              "row_number = 2",
              row -> {
                row.put("amount", BigDecimal.ONE);
                return row;
              })
          .commit();

      assertScores(shop, 100.0 / 3);
      assertThat(registry.get("meshwork.freshness_minutes").tags(OF_ORDERS).gauge().value())
          .isZero();
    }
  }

  private void assertScores(MeshClient shop, double score) {
    assertThat(registry.get("meshwork.quality_score").tags(OF_ORDERS).gauge().value())
        .isEqualTo(score);
    assertThat(shop.describe(ORDERS).quality().orElseThrow().qualityScore()).hasValue(score);
  }

  @Test
  void aRollbackRestoresTheFreshnessOfTheRows() {
    try (Mesh mesh = with().open()) {
      MeshClient shop = define(mesh);
      String first =
          shop.publish(ORDERS).records(Order.range(0, 3)).commit().snapshotId().orElseThrow();
      clock.advance(Duration.ofMinutes(10));
      shop.publish(ORDERS).records(Order.range(3, 6)).commit();
      clock.advance(Duration.ofMinutes(5));

      shop.rollBack(ORDERS).to(first).because("wrong").commit();

      assertThat(registry.get("meshwork.freshness_minutes").tags(OF_ORDERS).gauge().value())
          .isEqualTo(15);
      assertThat(registry.get("meshwork.quality_score").tags(OF_ORDERS).gauge().value()).isNaN();
    }
  }

  @Test
  void aRejectedPublishIsCountedWithoutRows() {
    try (Mesh mesh = with().open()) {
      MeshClient shop = define(mesh);

      Throwable refused =
          catchThrowable(
              () ->
                  shop.publish(ORDERS).records(oneBad()).onViolation(OnViolation.REJECT).commit());

      assertThat(refused).isInstanceOf(ContractViolationException.class);
      assertThat(
              registry
                  .get("meshwork.publish")
                  .tags("domain", "commerce", "product", "orders", "outcome", "refused")
                  .timer()
                  .count())
          .isEqualTo(1);
      assertThat(registry.find("meshwork.records_processed").counter()).isNull();
      assertThat(registry.get("meshwork.publishes_refused").tags(OF_ORDERS).counter().count())
          .isEqualTo(1);
    }
  }

  @Test
  void aReopenedMeshReplacesItsGauges() {
    for (int hours = 1; hours <= 2; hours++) {
      try (Mesh mesh = with().open()) {
        define(mesh).publish(ORDERS).records(Order.range(0, 1)).commit();
        clock.advance(Duration.ofHours(hours));

        assertThat(registry.get("meshwork.freshness_minutes").tags(OF_ORDERS).gauge().value())
            .isEqualTo(60.0 * hours);
      }
    }
  }

  @Test
  void theNumberOfMetersDoesNotGrowWithPublishes() {
    try (Mesh mesh = with().open()) {
      MeshClient shop = define(mesh);
      shop.publish(ORDERS).records(Order.range(0, 5)).commit();
      shop.read(ORDERS).rows().close();
      int meters = registry.getMeters().size();
      for (int i = 0; i < 10; i++) {
        shop.publish(ORDERS).records(Order.range(i, i + 5)).commit();
        shop.read(ORDERS).rows().close();
      }

      assertThat(registry.getMeters()).hasSize(meters);
      TreeSet<String> keys = new TreeSet<>();
      for (Meter meter : registry.getMeters()) {
        assertThat(meter.getId().getName()).startsWith("meshwork.");
        meter.getId().getTags().stream().map(Tag::getKey).forEach(keys::add);
      }
      assertThat(keys).containsExactly("domain", "major", "outcome", "product");
    }
  }

  @Test
  void aMeterThatThrowsDoesNotHideTheReceipt() {
    Meters broken =
        new Meters() {
          @Override
          public void count(String meter, Map<String, String> tags, double amount) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void time(String meter, Map<String, String> tags, Duration took) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void gauge(String meter, Map<String, String> tags, DoubleSupplier value) {
            throw new IllegalStateException("broken");
          }
        };
    try (Mesh mesh = InMemoryMesh.builder().meters(broken).open()) {
      MeshClient shop = define(mesh);

      assertThat(shop.publish(ORDERS).records(Order.range(0, 3)).commit().rowsAccepted())
          .isEqualTo(3);
      assertThat(shop.publishHistory(ORDERS).receipts()).hasSize(1);
    }
  }
}
