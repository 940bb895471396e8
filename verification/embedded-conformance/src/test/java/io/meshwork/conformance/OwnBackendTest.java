package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;
import java.util.List;
import org.apache.iceberg.io.FileIO;
import org.junit.jupiter.api.Test;

/** A mesh over a registry and files that are opened separately. */
class OwnBackendTest {
  @Test
  void aMeshOverAGivenRegistryAndFilesPublishesAndReads() {
    List<Order> orders = Order.range(1, 3);
    Registry registry = InMemoryMesh.registry();
    FileIO files = InMemoryMesh.files();
    // tag::mesh[]
    try (Mesh mesh = Mesh.builder(registry, files, "memory:/mesh").open()) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      commerce.publish("commerce/orders").records(orders).commit();
      try (Rows<Order> rows = commerce.read("commerce/orders").as(Order.class).rows()) {
        assertThat(rows).containsExactlyElementsOf(orders);
      }
    }
    // end::mesh[]
  }
}
