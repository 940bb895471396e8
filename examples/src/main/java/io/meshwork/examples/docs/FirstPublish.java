package io.meshwork.examples.docs;

import static io.meshwork.contract.Partition.month;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The README's program: a domain publishes orders and another one reads them. */
public final class FirstPublish {
  private FirstPublish() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    Path folder = Folder.of(arguments);
    // tag::publish-and-read[]
    record Order(String orderId, Instant createdAt, double amount) {}

    List<Order> orders =
        List.of(
            new Order("o-1", Instant.parse("2026-11-19T08:00:00Z"), 17.50),
            new Order("o-2", Instant.parse("2026-11-19T09:30:00Z"), 4.20));

    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce
          .defineProduct("commerce/orders")
          .contract(
              Contract.of(Order.class).require(unique("orderId"), between("amount", 0, 100_000)))
          .partitionBy(month("createdAt"))
          .openToMesh()
          .commit();
      commerce.publish("commerce/orders").records(orders).idempotencyKey("2026-11-19").commit();

      MeshClient finance = mesh.clientAs(Principal.of("finance", "analyst"));
      finance.registerDomain("finance").owner("finance@example.org").commit();
      try (Rows<Order> rows = finance.read("commerce/orders").as(Order.class).rows()) {
        rows.forEach(System.out::println);
      }
    }
    // end::publish-and-read[]
  }
}
