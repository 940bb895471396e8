package io.meshwork.interchange;

import static io.meshwork.contract.Rule.between;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/** A mesh in a folder: commerce publishes orders, and finance publishes revenue from them. */
final class ShopMesh implements AutoCloseable {
  static final Instant START = Instant.parse("2026-11-20T08:00:00Z");
  static final String NAMESPACE = "meshwork://shop";

  /** What an order is for; a nested column. */
  record Address(String city, String zip) {}

  /** A row of orders. */
  record Order(
      String orderId, Instant createdAt, double amount, Address address, List<String> tags) {}

  /** A row of revenue. */
  record Revenue(String city, double total) {}

  final ManualClock clock = ManualClock.at(START);
  final Mesh mesh;
  final MeshClient commerce;
  final MeshClient finance;

  private ShopMesh(Path folder) {
    mesh = LocalMesh.builder(folder).clock(clock).open();
    commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    finance = mesh.clientAs(Principal.of("finance", "analyst"));
  }

  static ShopMesh in(Path folder) {
    ShopMesh shop = new ShopMesh(folder);
    shop.commerce
        .registerDomain("commerce")
        .description("Sales of the shop")
        .owner("orders@example.org")
        .commit();
    shop.finance.registerDomain("finance").owner("finance@example.org").commit();
    shop.commerce
        .defineProduct("commerce/orders")
        .description("Orders of the shop")
        .contract(
            Contract.of(Order.class)
                .require(between("amount", 0, 100_000))
                .describeColumn("orderId", "The number on the invoice")
                .freshWithin(Duration.ofHours(1))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(60))
        .openToMesh()
        .commit();
    shop.finance
        .defineProduct("finance/revenue-by-city")
        .contract(Contract.of(Revenue.class))
        .commit();
    return shop;
  }

  static Order order(int number, double amount) {
    return new Order(
        "o-" + number, START, amount, new Address("Bern", "3011"), List.of("new", "web"));
  }

  PublishReceipt publishOrders(Order... orders) {
    return commerce.publish("commerce/orders").records(List.of(orders)).commit();
  }

  /** Publishes revenue that states orders as its input, and which columns it comes from. */
  PublishReceipt publishRevenue() {
    try (Rows<GenericRecord> rows = finance.read("commerce/orders").rows()) {
      return finance
          .publish("finance/revenue-by-city")
          .records(List.of(new Revenue("Bern", 30)))
          .derivedFrom(rows.snapshot().orElseThrow(), "city=address.city", "total=amount")
          .commit();
    }
  }

  OpenLineageExport lineage(String... productsOrDomains) {
    boolean isFinance = productsOrDomains[0].startsWith("finance");
    return OpenLineageExport.of(isFinance ? finance : commerce, NAMESPACE, productsOrDomains);
  }

  @Override
  public void close() {
    mesh.close();
  }
}
