package io.meshwork.cli.program;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.internal.testkit.SampleMesh;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.local.LocalMesh;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.util.List;

/**
 * What commands work on: commerce/orders is late, finance/revenue is derived from it, and
 * commerce/cards is sensitive and was never published.
 */
final class CommandMesh {
  static final String ORDERS = SampleMesh.ORDERS;
  static final String REVENUE = SampleMesh.REVENUE;

  record Revenue(String country, double amount) {}

  private CommandMesh() {}

  static void in(Path folder) {
    InstantSource longAgo = InstantSource.fixed(Instant.parse("2026-01-01T08:00:00Z"));
    try (SampleMesh mesh = SampleMesh.open(LocalMesh.builder(folder).clock(longAgo))) {
      MeshClient commerce = mesh.commerce();
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
      commerce.grant(ORDERS).to(SampleMesh.ANALYST).because("Closing").commit();

      MeshClient finance = mesh.finance();
      finance.defineProduct(REVENUE).contract(Contract.of(Revenue.class)).openToMesh().commit();
      finance
          .publish(REVENUE)
          .records(List.of(new Revenue("DE", 10.5), new Revenue("FR", 3.25)))
          .derivedFrom(finance.describe(ORDERS).current().orElseThrow(), "amount=amount")
          .commit();
    }
  }
}
