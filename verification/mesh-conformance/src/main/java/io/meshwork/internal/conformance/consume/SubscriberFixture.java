package io.meshwork.internal.conformance.consume;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Duration;

/** A product with subscriptions of another domain, for the suites that list and end them. */
abstract class SubscriberFixture extends MeshFixture {
  static final ProductName PRODUCT = ProductName.of(ORDERS);
  static final Principal READER = Principal.of("finance", "reader");
  static final Contract DAILY = Contract.of(Order.class).freshWithin(Duration.ofDays(1));
  static final Contract WEEKLY = DAILY.freshWithin(Duration.ofDays(7));

  /** Defines orders that are open to the mesh and updated daily. */
  MeshClient shopWithOrders() {
    MeshClient shop = defineOrders(DAILY);
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    return shop;
  }

  /** Defines orders that are open to the mesh and can be rolled out after 30 days. */
  MeshClient shopWithNoticePeriod() {
    MeshClient shop = defineOrders(RolloutFixture.OLD);
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    return shop;
  }

  /** Defines orders that are granted to one reader of finance. */
  GrantSummary shopThatGrants() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(DAILY).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    return shop.grant(ORDERS).to(READER).because("Reports").commit().get(0);
  }

  static Subscription<Order> totals(MeshClient finance) {
    return finance.subscribe(ORDERS).name("totals").purpose("Totals").as(Order.class).commit();
  }

  /** Reads and acknowledges the next batch, and returns its ID. */
  static String readNext(Subscription<Order> subscription) {
    try (Batch<Order> batch = subscription.poll()) {
      batch.forEach(order -> {});
      batch.ack();
      return batch.id();
    }
  }
}
