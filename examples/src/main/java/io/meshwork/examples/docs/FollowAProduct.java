package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.publish.PublishReceipt;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A consumer that follows a product batch by batch, and derives another product from it. */
public final class FollowAProduct {
  private static final List<Order> LATER =
      List.of(new Order("o-3", Instant.parse("2026-11-20T08:00:00Z"), 12.00));

  private FollowAProduct() {}

  /** The revenue of one batch. */
  record Income(@Column(precision = 12, scale = 2) BigDecimal total) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      commerce.defineProduct("commerce/income").contract(Contract.of(Income.class)).commit();
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      // tag::subscribe[]
      Subscription<Order> orders =
          commerce
              .subscribe("commerce/orders")
              .name("copy")
              .purpose("A copy in a database of ours")
              .as(Order.class)
              .commit();
      // end::subscribe[]
      follow(orders);
      commerce.publish("commerce/orders").records(LATER).commit();
      commerce.erase("commerce/orders").where("orderId = 'o-1'").because("asked to").commit();
      follow(orders);
      follow(orders);
      commerce.publish("commerce/orders").records(LATER).replaceAll().commit();
      follow(orders);
      follow(orders);
      once(commerce);
      waiting(commerce, orders);
      seek(orders);
      partitions(commerce);
    }
  }

  // tag::poll[]
  private static void follow(Subscription<Order> orders) {
    try (Batch<Order> news = orders.poll()) {
      if (news.isEmpty()) {
        System.out.println("nothing new");
        return;
      }
      switch (news.kind()) {
        case ADDED -> System.out.println("insert");
        case REPLACED, ERASED -> {
          news.partitions().forEach(part -> System.out.println("delete the rows of " + part));
          news.predicate().ifPresent(filter -> System.out.println("delete where " + filter));
        }
        case RESET -> System.out.println("delete all, since " + news.because().orElseThrow());
      }
      news.forEach(order -> System.out.println("  " + order.orderId()));
      news.ack();
    }
  }

  // end::poll[]

  private static void once(MeshClient commerce) {
    Subscription<Order> orders =
        commerce
            .subscribe("commerce/orders")
            .name("income")
            .purpose("Income by batch")
            .as(Order.class)
            .commit();
    // tag::twice[]
    for (int run = 1; run <= 2; run++) {
      PublishReceipt receipt = income(commerce, orders, run == 2);
      System.out.println(receipt.idempotencyKey() + " replayed: " + receipt.replayed());
    }
    // end::twice[]
  }

  private static PublishReceipt income(
      MeshClient commerce, Subscription<Order> orders, boolean reachesItsEnd) {
    // tag::once[]
    try (Batch<Order> news = orders.poll()) {
      BigDecimal total = BigDecimal.ZERO;
      for (Order order : news) {
        total = total.add(BigDecimal.valueOf(order.amount()).setScale(2));
      }
      PublishReceipt receipt =
          commerce
              .publish("commerce/income")
              .records(List.of(new Income(total)))
              .idempotencyKey(news.id())
              .derivedFrom(news.snapshot(), "total=amount")
              .commit();
      // end::once[]
      if (!reachesItsEnd) {
        return receipt; // as if the job had been killed here
      }
      // tag::ack[]
      news.ack();
      // end::ack[]
      return receipt;
    }
  }

  private static void waiting(MeshClient commerce, Subscription<Order> orders) {
    Instant midnight = Instant.parse("2026-11-20T00:00:00Z");
    // tag::complete[]
    commerce.publish("commerce/orders").records(List.of()).completeUpTo(midnight).commit();
    // end::complete[]
    // tag::await[]
    if (!orders.awaitComplete(midnight, Duration.ofHours(2))) {
      System.out.println("late; ask " + orders.freshness().contact());
      return;
    }
    System.out.println("complete up to " + orders.freshness().completeUpTo().orElseThrow());
    // end::await[]
  }

  private static void seek(Subscription<Order> orders) {
    // tag::seek[]
    orders.seekToStart().commit(); // or seekToNow(), seekToSnapshot(..), seekToTime(..)
    // end::seek[]
    follow(orders);
  }

  private static void partitions(MeshClient commerce) {
    commerce
        .defineProduct("commerce/days")
        .contract(Contract.of(Order.class))
        .partitionBy(Partition.day("createdAt"))
        .commit();
    Subscription<Order> days =
        commerce
            .subscribe("commerce/days")
            .name("copy")
            .purpose("A copy of each day")
            .as(Order.class)
            .commit();
    commerce.publish("commerce/days").records(Orders.GOOD).commit();
    follow(days);
    commerce
        .publish("commerce/days")
        .records(Orders.GOOD.subList(0, 1))
        .replacePartitions()
        .commit();
    follow(days);
  }
}
