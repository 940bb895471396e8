package io.meshwork.examples.etl;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The consumer: sums the paid orders by day and country and publishes that as a product of its own,
 * once for each snapshot of the orders.
 */
public final class RevenueByCountry {
  /** What it publishes. */
  public static final String PRODUCT = "finance/revenue";

  /** What it promises. */
  public static final Contract CONTRACT =
      Contract.of(Revenue.class)
          .require(unique("day", "country"), atLeast("orders", 1), atLeast("amount", 0));

  private final MeshClient finance;

  /** A job that acts as this client, which must act for the domain {@code finance}. */
  public RevenueByCountry(MeshClient finance) {
    this.finance = finance;
  }

  /** Defines the product; does nothing if it is there. */
  public void define() {
    finance.defineProduct(PRODUCT).contract(CONTRACT).openToMesh().commit();
  }

  /** Brings the revenue up to the newest orders; empty if none were published yet. */
  public Optional<PublishReceipt> refresh() {
    Subscription<Order> orders =
        finance
            .subscribe(DailyOrders.PRODUCT)
            .named("revenue-by-country")
            .forPurpose("Revenue by day and country, for the month's closing")
            .where("status = 'PAID'")
            .as(Order.class)
            .commit();
    try (Rows<Order> paid = orders.read()) {
      Optional<Snapshot> snapshot = paid.snapshot();
      if (snapshot.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          finance
              .publish(PRODUCT)
              .records(sums(paid))
              .replacingAll()
              .allowingEmpty()
              .derivedFrom(snapshot.get(), "country=country", "amount=amount")
              .idempotencyKey("revenue-" + snapshot.get().id())
              .commit());
    }
  }

  private static List<Revenue> sums(Iterable<Order> paid) {
    TreeMap<String, Revenue> sums = new TreeMap<>();
    for (Order order : paid) {
      LocalDate day = order.placedAt().toLocalDate();
      sums.merge(
          day + order.country(),
          new Revenue(day, order.country(), 1, order.amount()),
          (sum, one) ->
              new Revenue(day, order.country(), sum.orders() + 1, sum.amount().add(one.amount())));
    }
    return new ArrayList<>(sums.values());
  }
}
