package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import java.time.Instant;
import java.util.List;

/** Rolls out an incompatible contract: amounts become cents. */
public final class ChangeAProduct {
  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");

  private ChangeAProduct() {}

  // tag::contract[]
  record OrderInCents(String orderId, Instant createdAt, long cents) {
    static OrderInCents of(Order order) {
      return new OrderInCents(order.orderId(), order.createdAt(), Math.round(order.amount() * 100));
    }
  }

  // end::contract[]

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.builder(Folder.of(arguments)).clock(() -> NOW).open()) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      MeshClient finance = subscribe(mesh, commerce);
      start(commerce);
      announce(commerce);
      answer(finance);
      accept(commerce);
      show(commerce);
      copy(commerce);
      publishBoth(commerce);
      readBoth(commerce);
      verifyBoth(commerce);
      move(finance);
      retire(commerce);
      restore(commerce);
    }
  }

  private static void start(MeshClient commerce) {
    // tag::start[]
    RolloutPlan plan =
        commerce
            .startRollout("commerce/orders")
            .contract(Contract.of(OrderInCents.class))
            .because("Amounts in cents")
            .plan();
    int next = plan.to();
    System.out.println(plan.from() + " -> " + next + ", breaks " + plan.breaks().size());
    MajorRollout rollout = plan.commit();
    System.out.println(rollout.state());
    // end::start[]
  }

  private static MeshClient subscribe(Mesh mesh, MeshClient commerce) {
    MeshClient finance = mesh.clientAs(Principal.of("finance", "analyst"));
    finance.registerDomain("finance").owner("finance@example.org").commit();
    commerce.grant("commerce/orders").to(finance.principal()).because("Revenue").commit();
    finance
        .subscribe("commerce/orders")
        .name("revenue")
        .purpose("Monthly revenue")
        .as(Order.class)
        .commit();
    return finance;
  }

  private static void announce(MeshClient commerce) {
    // tag::announce[]
    MajorRollout announced = commerce.rollout("commerce/orders").announce().commit();
    System.out.println(announced.state());
    announced
        .tracks()
        .forEach(track -> System.out.println(track.consumer() + " is " + track.state()));
    // end::announce[]
  }

  private static void answer(MeshClient finance) {
    // tag::answer[]
    Track track = finance.rollout("commerce/orders").track("revenue");
    Track answered = track.counter(track.date().plusDays(30)).because("Year-end closing").commit();
    System.out.println(answered.answer() + ", accepted: " + answered.dateAccepted());
    // end::answer[]
  }

  private static void accept(MeshClient commerce) {
    // tag::accept[]
    for (Track track : commerce.rollout("commerce/orders").tracks()) {
      if (track.answer() == Track.Answer.COUNTERED) {
        Track accepted = track.accept().commit();
        System.out.println(accepted.consumer() + " has " + accepted.answer());
      }
    }
    // end::accept[]
  }

  private static void show(MeshClient commerce) {
    // tag::page[]
    System.out.println(commerce.rollout("commerce/orders"));
    // end::page[]
  }

  private static void copy(MeshClient commerce) {
    // tag::copy[]
    MajorRollout level =
        commerce.rollout("commerce/orders").backFill(Order.class, OrderInCents::of).commit();
    MajorRollout parallel = level.activate().commit();
    System.out.println(parallel.state() + ", same rows: " + parallel.cutOver().isPresent());
    // end::copy[]
  }

  private static void publishBoth(MeshClient commerce) {
    List<Order> orders = List.of(new Order("o-9", Instant.parse("2026-11-20T08:00:00Z"), 12.00));
    // tag::publish[]
    PublishReceipt receipt =
        commerce
            .publish("commerce/orders")
            .<Order>records(orders)
            .alsoTo(2, OrderInCents::of)
            .commit();
    System.out.println("v" + receipt.major() + " accepted " + receipt.rowsAccepted());
    receipt
        .otherVersions()
        .forEach(
            version ->
                System.out.println("v" + version.major() + " accepted " + version.rowsAccepted()));
    // end::publish[]
  }

  private static void readBoth(MeshClient commerce) {
    // tag::read[]
    try (Rows<Order> v1 = commerce.read("commerce/orders").as(Order.class).rows();
        Rows<OrderInCents> v2 =
            commerce.read("commerce/orders").majorVersion(2).as(OrderInCents.class).rows()) {
      System.out.println(v1.stream().count() + " rows in v1, " + v2.stream().count() + " in v2");
    }
    // end::read[]
  }

  private static void verifyBoth(MeshClient commerce) {
    // tag::verify[]
    MajorRollout.Verification verified =
        commerce.rollout("commerce/orders").verify(1, Order.class, OrderInCents::of).commit();
    System.out.println(verified.oldRows() + " = " + verified.newRows() + ": " + verified.isEqual());
    // end::verify[]
  }

  private static void move(MeshClient finance) {
    // tag::move[]
    Subscription<OrderInCents> moved =
        finance
            .subscribe("commerce/orders")
            .name("revenue")
            .majorVersion(2)
            .as(OrderInCents.class)
            .commit();
    try (Rows<OrderInCents> rows = moved.rows()) {
      System.out.println(moved.name() + " read " + rows.stream().count() + " rows of v2");
    }
    // end::move[]
  }

  private static void retire(MeshClient commerce) {
    // tag::retire[]
    MajorRollout closed = commerce.rollout("commerce/orders").close().commit();
    System.out.println(closed.state() + ", waits for " + closed.waitingFor().size());
    MajorRollout retired = closed.retire().commit();
    System.out.println(retired.state());
    // end::retire[]
  }

  private static void restore(MeshClient commerce) {
    // tag::restore[]
    MajorRollout restored =
        commerce.rollout("commerce/orders").restore().because("A report still needs it").commit();
    System.out.println(restored.state() + ", behind: " + restored.newOnlySince().isPresent());
    // end::restore[]
  }
}
