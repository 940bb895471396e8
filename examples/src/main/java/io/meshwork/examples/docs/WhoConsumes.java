package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.TagSelection;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Lists who consumes a product, and how. */
public final class WhoConsumes {
  private Instant now = Instant.parse("2026-11-02T08:00:00Z");

  private WhoConsumes() {}

  /** The income from one order. */
  record Income(String orderId, @Column(precision = 12, scale = 2) BigDecimal total) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    new WhoConsumes().run(Folder.of(arguments));
  }

  private void run(Path folder) {
    try (Mesh mesh = LocalMesh.builder(folder).clock(() -> now).open()) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      MeshClient finance = mesh.clientAs(Principal.of("finance", "analyst"));
      finance.registerDomain("finance").owner("finance@example.org").commit();
      MeshClient marketing = mesh.clientAs(Principal.of("marketing", "reports"));
      marketing.registerDomain("marketing").owner("marketing@example.org").commit();
      commerce.grant("commerce/orders").to(finance.principal()).because("Monthly revenue").commit();
      commerce
          .grantByTags(TagSelection.where("domain", "commerce"))
          .to(marketing.principal())
          .because("Campaign reports")
          .commit();
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      subscribe(finance);
      derive(finance);
      readThroughALink(marketing);
      listConsumers(commerce);
      own(marketing);
    }
  }

  /** A weekly job that finds new rows the first time only. */
  private void subscribe(MeshClient finance) {
    Subscription<Order> weekly =
        finance
            .subscribe("commerce/orders")
            .name("weekly")
            .purpose("Weekly revenue")
            .majorVersion(1)
            .as(Order.class)
            .commit();
    for (int week = 0; week < 3; week++) {
      try (Batch<Order> news = weekly.poll()) {
        if (!news.isEmpty()) {
          news.forEach(order -> {});
          news.ack();
        }
      }
      now = now.plus(Duration.ofDays(7));
    }
  }

  private static void derive(MeshClient finance) {
    finance
        .defineProduct("finance/income")
        .contract(
            Contract.of(Income.class)
                .require(Rule.references("orderId", "commerce/orders", "orderId")))
        .commit();
    Snapshot orders;
    try (Rows<Order> rows = finance.read("commerce/orders").as(Order.class).rows()) {
      orders = rows.snapshot().orElseThrow();
    }
    finance
        .publish("finance/income")
        .records(List.of(new Income("o-1", new BigDecimal("17.50"))))
        .derivedFrom(orders, "total=amount")
        .commit();
  }

  private static void readThroughALink(MeshClient marketing) {
    marketing.linkResource("commerce/orders").database("lake").name("orders").commit();
    marketing.read("lake.orders").columns("orderId", "createdAt").rows().close();
  }

  private static void listConsumers(MeshClient commerce) {
    // tag::owner[]
    for (ProductConsumer consumer : commerce.consumers("commerce/orders")) {
      System.out.println(consumer.kind() + " " + consumer.name() + " v" + consumer.major());
      System.out.println("  columns " + consumer.columns());
      System.out.println("  last used " + consumer.lastUsed().map(Instant::toString).orElse("-"));
      System.out.println(
          "  through " + consumer.access().stream().map(ProductConsumer.AccessPath::kind).toList());
      System.out.println("  contact " + consumer.contact());
    }
    // end::owner[]
  }

  private static void own(MeshClient marketing) {
    // tag::own[]
    for (ProductConsumer consumer : marketing.consumers("commerce/orders")) {
      System.out.println("marketing knows " + consumer.kind() + " " + consumer.name());
    }
    // end::own[]
  }
}
