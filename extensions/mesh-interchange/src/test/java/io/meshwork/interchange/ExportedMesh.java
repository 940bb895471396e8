package io.meshwork.interchange;

import static io.meshwork.contract.Rule.between;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.testkit.SampleMesh;
import io.meshwork.local.LocalMesh;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/** A mesh in a folder, with products for the tests of exports. */
final class ExportedMesh implements AutoCloseable {
  static final Instant START = Instant.parse("2026-11-20T08:00:00Z");
  static final String REVENUE = "finance/revenue-by-city";
  static final String NAMESPACE = "meshwork://shop";

  /** Where an order goes; a nested column. */
  record Address(String city, String zip) {}

  /** A row of orders, with nested columns. */
  record ShippedOrder(
      String orderId, Instant createdAt, double amount, Address address, List<String> tags) {}

  /** A row of revenue. */
  record Revenue(String city, double total) {}

  final ManualClock clock = ManualClock.at(START);
  final Mesh mesh;
  final MeshClient commerce;
  final MeshClient finance;

  ExportedMesh(Path folder) {
    SampleMesh sample = SampleMesh.open(LocalMesh.builder(folder).clock(clock));
    mesh = sample.mesh();
    commerce = sample.commerce();
    finance = sample.finance();
    commerce
        .defineProduct(SampleMesh.ORDERS)
        .description("Orders of the shop")
        .contract(
            Contract.of(ShippedOrder.class)
                .require(between("amount", 0, 100_000))
                .describeColumn("orderId", "The number on the invoice")
                .freshWithin(Duration.ofHours(1))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(60))
        .openToMesh()
        .commit();
    finance.defineProduct(REVENUE).contract(Contract.of(Revenue.class)).commit();
  }

  static ShippedOrder order(int number, double amount) {
    return new ShippedOrder(
        "o-" + number, START, amount, new Address("Bern", "3011"), List.of("new", "web"));
  }

  PublishReceipt publishOrders(ShippedOrder... orders) {
    return commerce.publish(SampleMesh.ORDERS).records(List.of(orders)).commit();
  }

  /** Publishes revenue that states orders as its input, and which columns it comes from. */
  PublishReceipt publishRevenue() {
    try (Rows<GenericRecord> rows = finance.read(SampleMesh.ORDERS).rows()) {
      return finance
          .publish(REVENUE)
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
