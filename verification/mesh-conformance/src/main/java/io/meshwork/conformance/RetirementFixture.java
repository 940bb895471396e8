package io.meshwork.conformance;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.operation.Plan;
import io.meshwork.rollout.Rollout;
import java.time.Duration;
import java.time.Period;
import java.util.List;

/** The orders with their history in two major versions, whose consumers were notified. */
abstract class RetirementFixture extends AmendmentFixture {
  static final String REASON = "Amounts in cents";

  static final Contract SECOND = Contract.of(OrderInCents.class);

  /** Three orders in both major versions; no consumer was notified. */
  final Rollout inParallel() {
    prepared();
    return opened();
  }

  /** The new major version has the rows of the old one, and only its owner reads it. */
  final void prepared() {
    MeshClient shop = defineOrders(FIRST.noticePeriod(Period.ofDays(30)));
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    shop.rollOut(ORDERS).contract(SECOND).because(REASON).commit();
    shop.rollout(ORDERS).backFill(Order.class, OrderInCents::of).commit();
  }

  /** Consumers read both major versions. */
  final Rollout opened() {
    return rollout().activate().commit();
  }

  /** The same, and the old major version is closed to new subscriptions. */
  final Rollout closed() {
    inParallel();
    announced(ORDERS);
    return rollout().close().commit();
  }

  /** Notifies the consumers of a product. */
  final void announced(String product) {
    shop().rollout(product).announce().commit();
  }

  /** The same without consumers, and the old major version is retired. */
  final Rollout retired() {
    return closed().retire().commit();
  }

  final Rollout rollout() {
    return shop().rollout(ORDERS);
  }

  /** Publishes orders to the major versions in use. */
  final void publishBoth(long from, long to) {
    shop()
        .publish(ORDERS)
        .majorVersion(1)
        .<Order>records(Order.range(from, to))
        .alsoTo(2, OrderInCents::of)
        .commit();
  }

  /** Publishes orders to the new major version, which is the current one. */
  final void publishNew(long from, long to) {
    shop()
        .publish(ORDERS)
        .records(Order.range(from, to).stream().map(OrderInCents::of).toList())
        .commit();
  }

  final List<Order> old() {
    return all(shop().read(ORDERS).majorVersion(1).as(Order.class));
  }

  final List<OrderInCents> current() {
    return all(shop().read(ORDERS).majorVersion(2).as(OrderInCents.class));
  }

  static List<FindingCode> codes(Plan<?> plan) {
    return plan.findings().stream().map(Finding::code).toList();
  }

  /** Waits until the notice is over. */
  final void afterTheNotice() {
    clock.advance(Duration.ofDays(31));
  }
}
