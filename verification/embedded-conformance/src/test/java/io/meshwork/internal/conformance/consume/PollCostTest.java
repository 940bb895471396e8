package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.CountedFiles;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The number of files that a poll opens. */
class PollCostTest {
  private static final String ORDERS = "commerce/orders";

  private final ConcurrentHashMap<String, Integer> opened = new ConcurrentHashMap<>();

  @Test
  void aBatchOfManyPublishesReadsOneManifestListAndEachManifestOnce() {
    try (Mesh mesh =
        InMemoryMesh.builder().testing().wrapFiles(real -> new CountedFiles(real, opened)).open()) {
      MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
      MeshClient finance = mesh.clientAs(Principal.of("finance", "etl"));
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      finance.registerDomain("finance").owner("finance@example.org").commit();
      shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
      for (int i = 0; i < 30; i++) {
        shop.publish(ORDERS).records(Order.range(i, i + 1)).commit();
      }
      var copy = finance.subscribe(ORDERS).name("copy").purpose("A copy").asMaps().commit();
      opened.clear();

      try (Batch<Map<String, Object>> batch = copy.poll()) {
        assertThat(batch.stream()).hasSize(30);
      }

      Map<String, Integer> manifests = CountedFiles.manifests(opened);
      assertThat(manifests).as("1 list and 30 manifests").hasSize(31);
      assertThat(manifests.values()).containsOnly(1);
    }
  }
}
