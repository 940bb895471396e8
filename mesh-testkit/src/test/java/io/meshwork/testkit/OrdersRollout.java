package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Orders in two major versions with a consumer, and what their owner and the consumer do. */
final class OrdersRollout {
  static final String ORDERS = "commerce/orders";
  static final String REVENUE = "finance/revenue";
  static final Duration FRESH = Duration.ofHours(1);
  static final Duration STALER = Duration.ofHours(6);

  /** A row of version 1. */
  record OrderRow(long id, String customer) {}

  /** A row of version 2. */
  record OrderWithBuyer(long id, String buyer) {
    static OrderWithBuyer of(OrderRow order) {
      return new OrderWithBuyer(order.id, order.customer);
    }

    OrderRow toOrder() {
      return new OrderRow(id, buyer);
    }
  }

  private OrdersRollout() {}

  static MeshClient shop(Mesh mesh) {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  static MeshClient finance(Mesh mesh) {
    return mesh.clientAs(Principal.of("finance", "analyst"));
  }

  static MajorRollout rollout(Mesh mesh) {
    return shop(mesh).rollout(ORDERS);
  }

  static List<OrderRow> orders(long from, long to) {
    List<OrderRow> orders = new ArrayList<>();
    for (long id = from; id < to; id++) {
      orders.add(new OrderRow(id, "customer " + id));
    }
    return orders;
  }

  private static Contract contract(Class<?> rows) {
    return Contract.of(rows)
        .onViolation(OnViolation.QUARANTINE)
        .maxQuarantineShare(50)
        .noticePeriod(Period.ofDays(30));
  }

  /** Three orders with one subscription, {@code revenue}, and a rollout that was started. */
  static void start(Mesh mesh) {
    define(mesh, contract(OrderRow.class));
    shop(mesh)
        .startRollout(ORDERS)
        .contract(contract(OrderWithBuyer.class))
        .because("Buyers, not customers")
        .commit();
  }

  /** The same orders, whose contract promises {@link #FRESH}, and a rollout to {@link #STALER}. */
  static void startAmendment(Mesh mesh) {
    Contract contract = contract(OrderRow.class);
    define(mesh, contract.freshWithin(FRESH));
    shop(mesh)
        .amendTerms(ORDERS)
        .contract(contract.freshWithin(STALER))
        .because("The source delivers four times a day")
        .commit();
  }

  /** The same orders, and a rollout with which the product ends. */
  static void startEnd(Mesh mesh) {
    define(mesh, contract(OrderRow.class));
    shop(mesh).endProduct(ORDERS).because("The shop closes").commit();
  }

  private static void define(Mesh mesh, Contract contract) {
    shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
    finance(mesh).registerDomain("finance").owner("finance@example.org").commit();
    shop(mesh).defineProduct(ORDERS).contract(contract).openToMesh().commit();
    revenue(mesh).commit();
    shop(mesh).publish(ORDERS).records(orders(0, 3)).commit();
  }

  /** The subscription, which names a column that both versions have. */
  static Subscribe<Map<String, Object>> revenue(Mesh mesh) {
    return finance(mesh)
        .subscribe(ORDERS)
        .name("revenue")
        .purpose("Monthly revenue")
        .columns("id")
        .asMaps();
  }

  static void backFill(Mesh mesh) {
    rollout(mesh).backFill(OrderRow.class, OrderWithBuyer::of).commit();
  }

  static void activate(Mesh mesh) {
    rollout(mesh).activate().commit();
  }

  static void announce(Mesh mesh) {
    last(mesh).announce().commit();
  }

  static void close(Mesh mesh) {
    rollout(mesh).close().commit();
  }

  /** The last one, of any kind. */
  static Rollout<?> last(Mesh mesh) {
    return last(shop(mesh));
  }

  /** The last one of any kind that a client sees. */
  static Rollout<?> last(MeshClient client) {
    List<Rollout<?>> all = client.rollouts(ORDERS);
    return all.get(all.size() - 1);
  }

  static ProductEnd end(Mesh mesh) {
    return shop(mesh).productEnd(ORDERS);
  }

  static void closeEnd(Mesh mesh) {
    end(mesh).close().commit();
  }

  static void retire(Mesh mesh) {
    last(mesh).retire().commit();
  }

  static void abort(Mesh mesh) {
    last(mesh).abort().because("Not now").commit();
  }

  /** Publishes rows of version 1, and maps them to version 2. */
  static PublishReceipt publishOld(Mesh mesh) {
    return shop(mesh)
        .publish(ORDERS)
        .majorVersion(1)
        .<OrderRow>records(orders(10, 12))
        .alsoTo(2, OrderWithBuyer::of)
        .idempotencyKey("old")
        .commit();
  }

  /** Publishes rows of version 2, and maps them to version 1. */
  static PublishReceipt publishNew(Mesh mesh) {
    return shop(mesh)
        .publish(ORDERS)
        .majorVersion(2)
        .<OrderWithBuyer>records(orders(10, 12).stream().map(OrderWithBuyer::of).toList())
        .alsoTo(1, OrderWithBuyer::toOrder)
        .idempotencyKey("new")
        .commit();
  }

  /** Publishes rows of version 1, which has no successor. */
  static void publish(Mesh mesh) {
    shop(mesh).publish(ORDERS).records(orders(10, 12)).idempotencyKey("next").commit();
  }

  static void erase(Mesh mesh) {
    shop(mesh)
        .erase(ORDERS)
        .where("id = 1")
        .because("Requested by the customer")
        .idempotencyKey("erase")
        .commit();
  }

  static Subscription<?> subscribe(Mesh mesh, int major) {
    return finance(mesh)
        .subscribe(ORDERS)
        .name("buyers")
        .purpose("Who buys")
        .majorVersion(major)
        .allowDeprecated()
        .because("The report needs it")
        .columns("id")
        .asMaps()
        .commit();
  }

  static void unsubscribe(Mesh mesh) {
    finance(mesh).unsubscribe(ORDERS, "revenue").commit();
  }

  static Subscription<Map<String, Object>> move(Mesh mesh, int major) {
    return revenue(mesh).majorVersion(major).commit();
  }

  /** Reads a version without a subscription, to the end. */
  static List<Long> read(MeshClient client, int major) {
    List<Long> ids = new ArrayList<>();
    try (Rows<Map<String, Object>> rows =
        client.read(ORDERS).majorVersion(major).columns("id").asMaps().rows()) {
      rows.forEach(row -> ids.add((Long) row.get("id")));
    }
    ids.sort(null);
    return ids;
  }

  /** Takes one batch into a list of rows, and acknowledges it; returns false if it is empty. */
  static boolean take(Subscription<Map<String, Object>> subscription, List<Long> taken) {
    List<Long> after = new ArrayList<>(taken);
    try (Batch<Map<String, Object>> batch = subscription.poll()) {
      if (batch.isEmpty()) {
        return false;
      }
      if (batch.kind() == Batch.Kind.RESET) {
        after.clear();
      }
      batch.forEach(row -> after.add((Long) row.get("id")));
      batch.ack();
    }
    taken.clear();
    taken.addAll(after);
    return true;
  }
}
