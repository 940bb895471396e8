package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Port;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that fails while it returns last_updated.json. */
class LastUpdatedReadTest {
  private static final String ORDERS = "commerce/orders";

  private final Faults faults = Faults.seeded(1);

  @Test
  void aReadThatFailsOnceIsNotTakenForALostCommit(@TempDir Path folder) throws IOException {
    for (int nth = 1; nth <= 2; nth++) {
      Path place = folder.resolve("mesh" + nth);
      try (Mesh mesh = LocalMesh.builder(place).testing().wrapFiles(faults::files).open()) {
        MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
        shop.registerDomain("commerce").owner("shop@example.org").commit();
        shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
        shop.publish(ORDERS).records(Order.range(0, 1)).commit();
        faults.on(Port.FILE_READ).path("**/last_updated.json").nth(nth).failBefore();

        shop.publish(ORDERS).records(Order.range(1, 2)).commit();

        faults.clear();
        assertThat(place.resolve("data/commerce/orders_v1/_metadata/last_updated.json"))
            .as("after failed read %s", nth)
            .content()
            .contains("\"snapshot_sequence\":2,")
            .doesNotContain("registry_incomplete_until");
      }
    }
  }
}
