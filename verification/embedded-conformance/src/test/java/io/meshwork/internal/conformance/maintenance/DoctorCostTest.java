package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.CountedFiles;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The number of files that the doctor opens. */
class DoctorCostTest {
  private final ConcurrentHashMap<String, Integer> opened = new ConcurrentHashMap<>();

  @Test
  void everyManifestIsReadOnceForAllSnapshots() {
    try (Mesh mesh =
        InMemoryMesh.builder().testing().wrapFiles(real -> new CountedFiles(real, opened)).open()) {
      MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      shop.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      for (int i = 0; i < 30; i++) {
        shop.publish("commerce/orders").records(Order.range(i, i + 1)).commit();
      }
      opened.clear();

      assertThat(mesh.doctor().findings()).isEmpty();

      Map<String, Integer> manifests = CountedFiles.manifests(opened);
      assertThat(manifests).as("30 lists and 30 manifests").hasSize(60);
      assertThat(manifests.values()).containsOnly(1);
    }
  }
}
