package io.meshwork.examples.docs;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;

/** The product that the other programs publish to. */
final class Orders {
  private Orders() {}

  /** A row of the product. */
  record Order(String orderId, Instant createdAt, double amount) {}

  static final List<Order> GOOD =
      List.of(
          new Order("o-1", Instant.parse("2026-11-19T08:00:00Z"), 17.50),
          new Order("o-2", Instant.parse("2026-11-19T09:30:00Z"), 4.20));

  static final List<Order> WITH_A_BAD_ROW =
      List.of(
          new Order("o-3", Instant.parse("2026-11-20T08:00:00Z"), 12.00),
          new Order("o-4", Instant.parse("2026-11-20T08:15:00Z"), -3.00),
          new Order("o-5", Instant.parse("2026-11-20T09:45:00Z"), 8.90));

  /** Defines the product for the domain commerce, and returns its producer. */
  static MeshClient define(Mesh mesh, OnViolation policy) {
    MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    commerce.registerDomain("commerce").owner("orders@example.org").commit();
    commerce
        .defineProduct("commerce/orders")
        .contract(
            Contract.of(Order.class)
                .require(unique("orderId"), between("amount", 0, 100_000))
                .onViolation(policy)
                .maxQuarantineShare(50))
        .commit();
    return commerce;
  }
}
