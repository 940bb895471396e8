package io.meshwork.examples.etl;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The consumer: follows the orders, sums the paid ones by day and country, and publishes the sums
 * as a product, once for each batch.
 */
public final class RevenueByCountry {
  /** The published product. */
  public static final String PRODUCT = "finance/revenue";

  /** The contract of the product. */
  public static final Contract CONTRACT =
      Contract.of(Revenue.class)
          .require(unique("day", "country"), atLeast("orders", 1), atLeast("amount", 0));

  private static final String PAID = "status = 'PAID'";

  private final MeshClient finance;

  /** Creates a job with this client, which must act for the domain {@code finance}. */
  public RevenueByCountry(MeshClient finance) {
    this.finance = finance;
  }

  /** Defines the product; does nothing if it is there. */
  public void define() {
    finance.defineProduct(PRODUCT).contract(CONTRACT).openToMesh().commit();
  }

  /**
   * Updates the revenue with the newest orders, batch by batch. Can be repeated after a crash: the
   * result of a batch is published with the batch's ID as key, so no order counts twice.
   *
   * @return the receipts; empty if there were no new orders
   */
  public List<PublishReceipt> refresh() {
    Subscription<Order> orders =
        finance
            .subscribe(DailyOrders.PRODUCT)
            .name("revenue-by-country")
            .purpose("Revenue by day and country, for the month's closing")
            .where(PAID)
            .as(Order.class)
            .commit();
    List<PublishReceipt> published = new ArrayList<>();
    while (true) {
      try (Batch<Order> news = orders.poll()) {
        if (news.isEmpty()) {
          return published;
        }
        published.add(
            finance
                .publish(PRODUCT)
                .records(after(news))
                .replaceAll()
                .allowEmpty()
                .derivedFrom(news.snapshot(), "country=country", "amount=amount")
                .idempotencyKey(news.id())
                .commit());
        news.ack();
      }
    }
  }

  /** Returns the whole revenue after a batch. */
  private List<Revenue> after(Batch<Order> news) {
    TreeMap<String, Revenue> sums = new TreeMap<>();
    switch (news.kind()) {
      case ADDED -> {
        try (Rows<Revenue> soFar = finance.read(PRODUCT).as(Revenue.class).rows()) {
          soFar.forEach(revenue -> add(sums, revenue));
        }
        add(sums, news);
      }
      case RESET -> add(sums, news);
      case REPLACED, ERASED -> {
        // A sum cannot be corrected for one order, so it is computed again from all orders.
        try (Rows<Order> all =
            finance
                .read(DailyOrders.PRODUCT)
                .snapshot(news.snapshot().id())
                .where(PAID)
                .as(Order.class)
                .rows()) {
          add(sums, all);
        }
      }
    }
    return new ArrayList<>(sums.values());
  }

  private static void add(TreeMap<String, Revenue> sums, Iterable<Order> paid) {
    for (Order order : paid) {
      add(sums, new Revenue(order.placedAt().toLocalDate(), order.country(), 1, order.amount()));
    }
  }

  private static void add(TreeMap<String, Revenue> sums, Revenue one) {
    sums.merge(
        one.day() + one.country(),
        one,
        (sum, more) ->
            new Revenue(
                sum.day(),
                sum.country(),
                sum.orders() + more.orders(),
                sum.amount().add(more.amount())));
  }
}
