package io.meshwork.examples.etl;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.testkit.MeshAssertions.assertThat;
import static io.meshwork.testkit.MeshAssertions.assertThatContractIsBroken;
import static io.meshwork.testkit.MeshAssertions.assertThatProduct;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.testkit.As;
import io.meshwork.testkit.MeshTest;
import io.meshwork.testkit.Samples;
import io.meshwork.testkit.TestBackend;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the producer, on a mesh in memory and on one in a folder. */
// tag::backends[]
@MeshTest(
    domains = "commerce",
    on = {TestBackend.InMemory.class, TestBackend.OnDisk.class})
class DailyOrdersTest {
  // end::backends[]
  private static final LocalDate DAY = LocalDate.parse("2026-11-20");
  private static final LocalDate NEXT_DAY = DAY.plusDays(1);

  private final Samples<Order> samples = Samples.of(Order.class, DailyOrders.CONTRACT, 42);
  private DailyOrders job;

  @BeforeEach
  void define(@As("commerce/etl") MeshClient commerce) {
    job = new DailyOrders(commerce);
    job.define();
  }

  @Test
  void aFileOfTheShopIsPublished(@As("commerce/etl") MeshClient commerce, @TempDir Path folder)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("orders.csv"),
            """
            order_id,placed_at,country,status,amount,coupon
            o-1,2026-11-20T08:00:00,SE,PAID,17.50,
            o-2,2026-11-20T09:30:00,DE,OPEN,4.2,WELCOME
            """);

    assertThat(job.publish(DAY, file)).isPublished().hasAccepted(2).hasNoFailingRows();

    assertThatProduct(commerce, DailyOrders.PRODUCT)
        .hasExactlyRows(
            new Order(
                "o-1",
                LocalDateTime.parse("2026-11-20T08:00:00"),
                "SE",
                "PAID",
                new BigDecimal("17.50"),
                Optional.empty()),
            new Order(
                "o-2",
                LocalDateTime.parse("2026-11-20T09:30:00"),
                "DE",
                "OPEN",
                new BigDecimal("4.20"),
                Optional.of("WELCOME")));
  }

  @Test
  void aMalformedLineStopsTheJobAndIsNamed(
      @As("commerce/etl") MeshClient commerce, @TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("orders.csv"),
            """
            order_id,placed_at,country,status,amount,coupon
            o-1,2026-11-20T08:00:00,SE,PAID,17.50,
            o-2,yesterday,DE,OPEN,4.20,
            """);

    assertThatThrownBy(() -> job.publish(DAY, file))
        .hasMessageContainingAll("orders.csv", "line 3");
    assertThatProduct(commerce, DailyOrders.PRODUCT).isEmpty().hasSnapshots(0);
  }

  @Test
  void aDayIsPublishedOnceIfTheJobRunsAgain(@As("commerce/etl") MeshClient commerce, Mesh mesh) {
    List<Order> orders = samples.rows(100);

    assertThat(job.publish(DAY, orders)).isNotReplayed().hasAccepted(100);
    assertThat(job.publish(DAY, orders)).isReplayed().hasAccepted(100);
    assertThat(job.publish(NEXT_DAY, samples.rows(10))).isNotReplayed();

    assertThatProduct(commerce, DailyOrders.PRODUCT).hasSnapshots(2).hasRows(110);
    assertThat(mesh).isHealthy();
  }

  @Test
  void aFewBadRowsGoToTheQuarantine(@As("commerce/etl") MeshClient commerce) {
    List<Order> orders = new ArrayList<>(samples.rows(100));
    orders.addAll(samples.breaking("between.amount", 4));
    orders.addAll(samples.breaking("unique.orderId", 2));

    assertThat(job.publish(DAY, orders))
        .isPublished()
        .hasOffered(106)
        .hasAccepted(100)
        .hasQuarantined(6)
        .hasFailing("between.amount", 4);

    assertThatProduct(commerce, DailyOrders.PRODUCT)
        .hasRows(100)
        .hasQuarantined(6)
        .hasQuarantined("unique.orderId", 2);
  }

  @Test
  void aDayWithTooManyBadRowsIsRejectedAndCanBeCorrectedWithTheSameKey(
      @As("commerce/etl") MeshClient commerce) {
    List<Order> orders = new ArrayList<>(samples.rows(10));
    orders.addAll(samples.breaking("inSet.status", 5));

    assertThatContractIsBroken(() -> job.publish(DAY, orders)).breaksOnly("inSet.status");
    assertThatProduct(commerce, DailyOrders.PRODUCT).isEmpty().hasQuarantined(0);

    assertThat(job.publish(DAY, orders.subList(0, 10))).isNotReplayed().hasAccepted(10);
  }

  @Test
  void anotherContractForTheSameProductIsRejected(@As("commerce/etl") MeshClient commerce) {
    assertThatThrownBy(
            () ->
                commerce
                    .defineProduct(DailyOrders.PRODUCT)
                    .contract(DailyOrders.CONTRACT.require(between("amount", 0, 1).id("cheap")))
                    .commit())
        .isInstanceOf(AlreadyExistsException.class);
  }
}
