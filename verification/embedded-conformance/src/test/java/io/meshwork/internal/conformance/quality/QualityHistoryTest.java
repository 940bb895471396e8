package io.meshwork.internal.conformance.quality;

import static io.meshwork.contract.Rule.rowCount;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import java.util.List;
import org.junit.jupiter.api.Test;

class QualityHistoryTest {
  /** The number of publishes whose quality is kept for each major version. */
  private static final int KEPT = 100;

  @Test
  void theQualityHistoryDropsTheOldestPublishes() {
    try (Mesh mesh = InMemoryMesh.open()) {
      MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      shop.defineProduct("commerce/orders")
          .contract(Contract.of(Order.class).require(rowCount(0, 1_000)))
          .commit();
      for (int i = 1; i <= KEPT + 2; i++) {
        shop.publish("commerce/orders").records(Order.range(0, 1 + i % 7)).commit();
      }

      List<QualityEntry> history = shop.publishHistory("commerce/orders").quality();
      assertThat(history).hasSize(KEPT);
      assertThat(history.get(0).rowsAccepted()).isEqualTo(1 + (KEPT + 2) % 7);
      assertThat(history.get(history.size() - 1).rowsAccepted()).isEqualTo(4);
      assertThat(history).allMatch(entry -> entry.rulesEvaluated() == 1);
      assertThat(mesh.doctor().isHealthy()).isTrue();
    }
  }
}
