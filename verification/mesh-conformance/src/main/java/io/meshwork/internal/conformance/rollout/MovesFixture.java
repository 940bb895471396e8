package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.rollout.MajorRollout;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Orders whose second major version has the amounts in cents, and a consumer of them. */
abstract class MovesFixture extends MeshFixture {
  static final Contract SECOND = Contract.of(OrderInCents.class).noticePeriod(Period.ofDays(30));

  /** The orders with a consumer, in one major version. */
  final MeshClient consumedOrders() {
    defineOrders(Contract.of(Order.class).noticePeriod(Period.ofDays(30)));
    return registerFinance();
  }

  final MajorRollout openSecond() {
    return openSecond(SECOND);
  }

  final MajorRollout openSecond(Contract second) {
    shop().startRollout(ORDERS).contract(second).because("Amounts in cents").commit();
    return shop()
        .rollout(ORDERS)
        .backFill(Order.class, OrderInCents::of)
        .commit()
        .activate()
        .commit();
  }

  /** Publishes orders with these IDs to both major versions. */
  final void publishBoth(long from, long to) {
    shop()
        .publish(ORDERS)
        .<Order>records(Order.range(from, to))
        .majorVersion(1)
        .alsoTo(2, OrderInCents::of)
        .commit();
  }

  /** Starts a subscription to IDs and customers, which both major versions have. */
  final Subscribe<Map<String, Object>> copy() {
    return as("finance")
        .subscribe(ORDERS)
        .name("copy")
        .purpose("A copy")
        .columns("id", "customer")
        .asMaps();
  }

  static List<Long> ids(Batch<Map<String, Object>> batch) {
    List<Long> ids = new ArrayList<>();
    batch.forEach(row -> ids.add((Long) row.get("id")));
    return ids;
  }

  /** Polls and acknowledges one batch of added rows, and returns their IDs. */
  static List<Long> take(Subscription<Map<String, Object>> subscription) {
    try (Batch<Map<String, Object>> batch = subscription.poll()) {
      assertThat(batch.kind()).as(batch.because().orElse("")).isEqualTo(Batch.Kind.ADDED);
      List<Long> ids = ids(batch);
      batch.ack();
      return ids;
    }
  }
}
