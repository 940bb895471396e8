package io.meshwork.examples.etl;

import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.testkit.MeshAssertions.assertThat;
import static io.meshwork.testkit.MeshAssertions.assertThatProduct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.As;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.MeshTest;
import io.meshwork.testkit.Samples;
import io.meshwork.testkit.Seeds;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests of the consumer. */
@MeshTest(domains = {"commerce", "finance"})
class RevenueByCountryTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-20");

  private DailyOrders orders;
  private RevenueByCountry revenue;

  @BeforeEach
  void define(@As("commerce/etl") MeshClient commerce, @As("finance/analyst") MeshClient finance) {
    orders = new DailyOrders(commerce);
    orders.define();
    revenue = new RevenueByCountry(finance);
    revenue.define();
  }

  @Test
  void paidOrdersAreSummedByDayAndCountry(@As("finance/analyst") MeshClient finance) {
    orders.publish(
        DAY,
        List.of(
            order(1, "SE", "PAID", "10.00"),
            order(2, "SE", "PAID", "2.50"),
            order(3, "DE", "PAID", "7.00"),
            order(4, "DE", "CANCELLED", "99.00")));

    assertThat(revenue.refresh())
        .singleElement()
        .satisfies(receipt -> assertThat(receipt).hasAccepted(2));

    assertThatProduct(finance, RevenueByCountry.PRODUCT)
        .hasExactlyRows(
            new Revenue(DAY, "SE", 2, new BigDecimal("12.50")),
            new Revenue(DAY, "DE", 1, new BigDecimal("7.00")));
  }

  @Test
  void newOrdersAreAddedOnce(@As("finance/analyst") MeshClient finance) {
    Samples<Order> samples = paid(7);
    orders.publish(DAY, samples.rows(10));
    revenue.refresh();

    assertThat(revenue.refresh()).isEmpty();
    orders.publish(DAY.plusDays(1), samples.rows(10));
    assertThat(revenue.refresh()).hasSize(1);

    assertThatProduct(finance, RevenueByCountry.PRODUCT).hasSnapshots(2);
    assertThat(ordersIn(finance)).isEqualTo(20);
  }

  // tag::lost[]
  @Test
  void noOrderCountsTwiceIfTheResponseToAPublishIsLost(
      @As("finance/analyst") MeshClient finance, Faults faults) {
    orders.publish(DAY, paid(7).rows(10));
    revenue.refresh();
    orders.publish(DAY.plusDays(1), paid(8).rows(10));
    faults.on(Port.REGISTRY_COMMIT).path(RevenueByCountry.PRODUCT).nth(1).loseReply();
    faults.on(Port.REGISTRY_RESOLVE).failBefore();
    assertThatThrownBy(revenue::refresh).isInstanceOf(OutcomeUnknownException.class);

    faults.clear();
    List<PublishReceipt> again = revenue.refresh();

    assertThat(again).singleElement().satisfies(receipt -> assertThat(receipt).isReplayed());
    assertThat(ordersIn(finance)).isEqualTo(20);
  }

  // end::lost[]

  @Test
  void anErasedOrderIsSubtracted(
      @As("commerce/etl") MeshClient commerce, @As("finance/analyst") MeshClient finance) {
    orders.publish(DAY, List.of(order(1, "SE", "PAID", "10.00"), order(2, "SE", "PAID", "2.50")));
    revenue.refresh();
    commerce.erase(DailyOrders.PRODUCT).where("orderId = 'o-1'").because("by request").commit();
    revenue.refresh();

    assertThatProduct(finance, RevenueByCountry.PRODUCT)
        .hasExactlyRows(new Revenue(DAY, "SE", 1, new BigDecimal("2.50")));
  }

  @Test
  void withoutOrdersThereIsNothingToDo(@As("finance/analyst") MeshClient finance) {
    assertThat(revenue.refresh()).isEmpty();

    assertThatProduct(finance, RevenueByCountry.PRODUCT).hasSnapshots(0);
  }

  // tag::property[]
  @Test
  void noOrderIsLostForAnyOrders(@As("finance/analyst") MeshClient finance) {
    Seeds.forEach(
        5,
        random -> {
          LocalDate day = DAY.plusDays(random.nextInt(1_000_000));
          long before = ordersIn(finance);

          orders.publish(day, paid(random.nextLong()).rows(50));
          revenue.refresh();

          assertThat(ordersIn(finance)).isEqualTo(before + 50);
        });
  }

  // end::property[]

  private static long ordersIn(MeshClient finance) {
    try (var rows = finance.read(RevenueByCountry.PRODUCT).as(Revenue.class).rows()) {
      return rows.stream().mapToLong(Revenue::orders).sum();
    }
  }

  // tag::narrowed[]
  private static Samples<Order> paid(long seed) {
    return Samples.of(
        Order.class, DailyOrders.CONTRACT.require(inSet("status", "PAID").id("paid")), seed);
  }

  // end::narrowed[]

  private static Order order(int id, String country, String status, String amount) {
    return new Order(
        "o-" + id,
        LocalDateTime.of(2026, 11, 20, 8, 0),
        country,
        status,
        new BigDecimal(amount),
        Optional.empty());
  }
}
