package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologiesTest {
  private static final Topology LINES =
      Topology.byLineOfBusiness(
          Map.of("retail", Set.of("commerce", "logistics"), "banking", Set.of("finance", "risk")));

  @TempDir Path folder;

  private static void tell(Mesh mesh) {
    MeshClient commerce = mesh.actingAs(Principal.of("commerce", "etl"));
    MeshClient finance = mesh.actingAs(Principal.of("finance", "analyst"));
    commerce.registerDomain("commerce").ownedBy("shop@example.org").commit();
    finance.registerDomain("finance").ownedBy("fin@example.org").commit();
    Samples.defineOpen(commerce, "commerce/sales");
    Samples.publish(commerce, "commerce/sales", 3);
    assertThat(finance.products()).hasSize(1);
    assertThat(finance.describe("commerce/sales").openToMesh()).isTrue();
  }

  @Test
  void aProductOfAnotherLineIsSeenAndReadOnlyThroughALink() {
    try (Mesh mesh = InMemoryMesh.with().topology(LINES).open()) {
      tell(mesh);
    }
  }
}
