package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A file beside each table describes its latest commit, for tools that only read files. */
public abstract class LastUpdatedFilesSuite extends MeshFixture {
  @Test
  void eachCommitReplacesTheLastUpdatedFile() {
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class)
                .require(Rule.atLeast("amount", 0))
                .freshWithin(Duration.ofHours(2))
                .onViolation(OnViolation.QUARANTINE));
    List<Order> orders = new ArrayList<>(Order.range(0, 10));
    orders.set(5, new Order(5, CANARY, new BigDecimal("-1.00"), Optional.empty()));
    PublishReceipt first = shop.publish(ORDERS).records(orders).commit();

    JsonNode content = lastUpdated();
    assertThat(content.path("format").asInt()).isEqualTo(1);
    assertThat(content.path("product").asText()).isEqualTo(ORDERS);
    assertThat(content.path("major").asInt()).isEqualTo(1);
    assertThat(content.path("contract_version").asText()).isEqualTo("1.0.0");
    assertThat(content.path("last_updated").asText()).isEqualTo(first.committedAt().toString());
    assertThat(content.path("fresh_within_seconds").asLong()).isEqualTo(7_200);
    assertThat(content.path("fresh_until").asText())
        .isEqualTo(first.committedAt().plus(Duration.ofHours(2)).toString());
    assertThat(content.path("snapshot_id").textValue()).isEqualTo(first.snapshotId().orElseThrow());
    assertThat(content.path("snapshot_sequence").asLong()).isEqualTo(1);
    assertThat(content.path("records_processed").asLong()).isEqualTo(10);
    assertThat(content.path("records_quarantined").asLong()).isEqualTo(1);
    assertThat(content.path("total_records").asLong()).isEqualTo(9);
    assertThat(content.path("quality_score").asDouble()).isEqualTo(90.0);
    assertThat(content.path("rules_evaluated").asInt()).isEqualTo(1);
    assertThat(content.path("status").asText()).isEqualTo("ACTIVE");
    assertThat(content.path("publish_id").asText()).isEqualTo(first.publishId());
    assertThat(content.path("producer").asText()).isEqualTo("commerce");
    assertThat(content.toString()).doesNotContain(CANARY);

    clock.advance(Duration.ofHours(1));
    PublishReceipt second = shop.publish(ORDERS).records(Order.range(20, 25)).replaceAll().commit();
    assertThat(lastUpdated().path("last_updated").asText())
        .isEqualTo(second.committedAt().toString());
    clock.advance(Duration.ofHours(1));
    shop.publish(ORDERS).records(List.<Order>of()).commit();
    shop.erase(ORDERS).where("id = 20").because("asked for").commit();
    assertThat(lastUpdated().path("last_updated").asText())
        .as("an erase does not change the time")
        .isEqualTo(second.committedAt().toString());
    shop.rollBack(ORDERS)
        .to(first.snapshotId().orElseThrow())
        .because("it was right")
        .restoreErased()
        .commit();

    JsonNode back = lastUpdated();
    assertThat(back.path("last_updated").asText())
        .as("a rollback restores the time")
        .isEqualTo(first.committedAt().toString());
    assertThat(back.path("records_processed").asLong()).isEqualTo(10);
    assertThat(back.path("snapshot_sequence").asLong()).isEqualTo(5);
    assertThat(back.path("total_records").asLong()).isEqualTo(9);
    assertWhole();
  }

  private record Delivery(long id, Instant at) {}

  @Test
  void theLastUpdatedFileHasTheTimeOfTheNewestEvent() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(Delivery.class)
                .serviceLevel(ServiceLevel.NONE.eventTime("at").freshWithin(Duration.ofHours(2))))
        .commit();
    Instant newest = clock.instant().minus(Duration.ofMinutes(50));
    shop.publish(ORDERS).records(List.of(new Delivery(1, newest))).commit();
    clock.advance(Duration.ofMinutes(5));

    shop.publish(ORDERS).records(List.of(new Delivery(2, newest.minusSeconds(60)))).commit();

    JsonNode content = lastUpdated();
    assertThat(content.path("data_time").asText()).isEqualTo(newest.toString());
    assertThat(content.path("fresh_until").asText())
        .isEqualTo(newest.plus(Duration.ofHours(2)).toString());
    assertThat(content.path("complete_up_to").isNull()).isTrue();
  }

  @Test
  void anUnwritableLastUpdatedFileFailsNoPublishAndIsDeletedUntilTheNextWritesIt() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 1)).commit();
    files.beforeEachOwnWrite(
        () -> {
          throw new UncheckedIOException(new IOException("no room"));
        });

    PublishReceipt receipt = shop.publish(ORDERS).records(Order.range(1, 2)).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(1);
    assertThat(files.newInputFile(lastUpdatedLocation()).exists()).isFalse();
    files.beforeEachOwnWrite(() -> {});
    shop.publish(ORDERS).records(Order.range(2, 3)).commit();
    assertThat(lastUpdated().path("snapshot_sequence").asLong()).isEqualTo(3);
    assertThat(lastUpdated().path("total_records").asLong()).isEqualTo(3);
  }

  @Test
  void foreignContentOfTheLastUpdatedFileIsReplacedAndIgnored() throws IOException {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 1)).commit();
    for (String nonsense : List.of("", "{", "[]", "{\"snapshot_sequence\":99}")) {
      try (OutputStream out = files.newOutputFile(lastUpdatedLocation()).createOrOverwrite()) {
        out.write(nonsense.getBytes(StandardCharsets.UTF_8));
      }
      PublishReceipt receipt = shop.publish(ORDERS).records(Order.range(1, 2)).commit();

      assertThat(lastUpdated().path("publish_id").asText())
          .as(nonsense)
          .isEqualTo(receipt.publishId());
    }
    assertWhole();
  }
}
