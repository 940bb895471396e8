package io.meshwork.cli.program;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.util.List;

/**
 * A mesh with two domains: commerce/orders is late, finance/revenue is derived from it, and
 * commerce/cards is sensitive and was never published.
 */
final class SampleMesh {
  static final String ORDERS = "commerce/orders";
  static final String REVENUE = "finance/revenue";

  record Order(String orderId, double amount, String country) {}

  record Revenue(String country, double amount) {}

  private SampleMesh() {}

  static void in(Path folder) {
    InstantSource longAgo = InstantSource.fixed(Instant.parse("2026-01-01T08:00:00Z"));
    try (Mesh mesh = LocalMesh.builder(folder).clock(longAgo).open()) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      Rule inRange = between("amount", 0, 100);
      commerce
          .defineProduct(ORDERS)
          .description("Orders of the shop")
          .contract(
              Contract.of(Order.class)
                  .require(unique("orderId"), inRange)
                  .serviceLevel(
                      ServiceLevel.NONE
                          .freshWithin(Duration.ofHours(1))
                          .retention(Period.ofDays(30))
                          .availability(99.5)))
          .commit();
      commerce.defineProduct("commerce/cards").contract(Contract.of(Order.class)).commit();
      commerce
          .publish(ORDERS)
          .records(List.of(new Order("o-1", 10.5, "DE"), new Order("o-2", 3.25, "FR")))
          .idempotencyKey("day-1")
          .commit();
      commerce.grant(ORDERS).to(Principal.of("finance", "analyst")).because("Closing").commit();

      MeshClient finance = mesh.clientAs(Principal.of("finance", "analyst"));
      finance.registerDomain("finance").owner("f@example.org").commit();
      finance.defineProduct(REVENUE).contract(Contract.of(Revenue.class)).openToMesh().commit();
      finance
          .publish(REVENUE)
          .records(List.of(new Revenue("DE", 10.5), new Revenue("FR", 3.25)))
          .derivedFrom(finance.describe(ORDERS).current().orElseThrow(), "amount=amount")
          .commit();
    }
  }
}
