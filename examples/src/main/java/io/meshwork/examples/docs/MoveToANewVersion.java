package io.meshwork.examples.docs;

import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe.SubscriptionPlan;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ConflictException;
import io.meshwork.examples.docs.ChangeAProduct.OrderInCents;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import java.time.Instant;
import java.util.List;

/** A consumer moves to a new major version, and continues where it stopped. */
public final class MoveToANewVersion {
  private MoveToANewVersion() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.builder(Folder.of(arguments)).open()) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      MeshClient finance = mesh.clientAs(Principal.of("finance", "etl"));
      finance.registerDomain("finance").owner("finance@example.org").commit();
      commerce.grant("commerce/orders").to(Principal.of("finance", "etl")).because("docs").commit();
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      Subscription<Order> old =
          finance
              .subscribe("commerce/orders")
              .name("revenue")
              .purpose("Monthly revenue")
              .as(Order.class)
              .commit();
      try (Batch<Order> batch = old.poll()) {
        batch.forEach(order -> {});
        batch.ack();
      }
      Subscription<?> numbers = follow(finance);
      rollOut(commerce);
      publish(commerce, "o-9");
      plan(finance);
      move(finance, old);
      makeCurrent(commerce, numbers);
    }
  }

  private static void rollOut(MeshClient commerce) {
    commerce
        .startRollout("commerce/orders")
        .contract(Contract.of(OrderInCents.class).require(unique("orderId")))
        .because("Amounts in cents")
        .commit()
        .backFill(Order.class, OrderInCents::of)
        .commit()
        .activate()
        .commit();
  }

  private static void publish(MeshClient commerce, String id) {
    Order order = new Order(id, Instant.parse("2026-11-20T08:00:00Z"), 12.00);
    commerce
        .publish("commerce/orders")
        .<Order>records(List.of(order))
        .majorVersion(1)
        .alsoTo(2, OrderInCents::of)
        .commit();
  }

  private static void plan(MeshClient finance) {
    // tag::plan[]
    SubscriptionPlan plan =
        finance
            .subscribe("commerce/orders")
            .name("revenue")
            .majorVersion(2)
            .as(OrderInCents.class)
            .plan();
    System.out.println(plan);
    // end::plan[]
  }

  private static void move(MeshClient finance, Subscription<Order> old) {
    // tag::move[]
    Subscription<OrderInCents> revenue =
        finance
            .subscribe("commerce/orders")
            .name("revenue")
            .majorVersion(2)
            .as(OrderInCents.class)
            .commit();
    try (Batch<OrderInCents> batch = revenue.poll()) {
      batch.forEach(order -> System.out.println("v2 delivered " + order.orderId()));
      batch.ack();
    }
    // end::move[]
    // tag::old[]
    try {
      old.poll();
    } catch (ConflictException moved) {
      System.out.println(moved.reason());
    }
    // end::old[]
    // tag::back[]
    Subscription<Order> again =
        finance
            .subscribe("commerce/orders")
            .name("revenue")
            .majorVersion(1)
            .as(Order.class)
            .commit();
    System.out.println("back on v" + again.major());
    // end::back[]
  }

  private static Subscription<?> follow(MeshClient finance) {
    // tag::following[]
    Subscription<?> numbers =
        finance
            .subscribe("commerce/orders")
            .name("numbers")
            .purpose("Order numbers")
            .columns("orderId")
            .followRollouts()
            .commit();
    System.out.println("numbers starts on v" + numbers.major());
    // end::following[]
    return numbers;
  }

  private static void makeCurrent(MeshClient commerce, Subscription<?> numbers) {
    // tag::current[]
    Plan<MajorRollout> plan = commerce.rollout("commerce/orders").makeCurrent().plan();
    System.out.println(plan);
    plan.commit();
    // end::current[]
    // tag::followed[]
    numbers.poll().close();
    System.out.println("numbers is on v" + numbers.major());
    // end::followed[]
  }
}
