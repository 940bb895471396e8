package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.TestBackend;
import org.junit.jupiter.api.Test;

class InMemoryMeshTest extends MeshConformance {
  private static final Principal ETL = Principal.of("commerce", "etl");

  @Override
  protected TestBackend backend() {
    return new TestBackend.InMemory();
  }

  @Test
  void eachMeshIsIndependent() {
    try (Mesh one = InMemoryMesh.open();
        Mesh other = InMemoryMesh.open()) {
      MeshClient shop = one.clientAs(ETL);
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      shop.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();

      assertThat(other.clientAs(ETL).products()).isEmpty();
      assertThat(other.doctor().isHealthy()).isTrue();
    }
  }
}
