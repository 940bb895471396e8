package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many publishes of one process to one product, each with a mesh of the same folder. */
class WritersBesideEachOtherTest {
  private static final String ORDERS = "commerce/orders";
  private static final int WRITERS = 16;
  private static final int PUBLISHES = 4;

  @TempDir private Path folder;

  private final AtomicInteger committed = new AtomicInteger();

  private MeshClient shop(Mesh mesh) {
    return mesh.actingAs(Principal.of("commerce", "etl"));
  }

  /** Publishes, and returns how many others committed during the longest publish. */
  private int publish(int writer) {
    int most = 0;
    try (Mesh mesh = LocalMesh.open(folder)) {
      for (int i = 0; i < PUBLISHES; i++) {
        long id = (long) writer * PUBLISHES + i;
        int before = committed.get();
        shop(mesh).publish(ORDERS).records(Order.range(id, id + 1)).commit();
        most = Math.max(most, committed.getAndIncrement() - before);
      }
    }
    return most;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsLostAndWritersCommitInTurn(boolean hasKey) throws Exception {
    Contract contract = Contract.of(Order.class);
    try (Mesh mesh = LocalMesh.open(folder)) {
      shop(mesh).registerDomain("commerce").ownedBy("shop@example.org").commit();
      shop(mesh)
          .defineProduct(ORDERS)
          .contract(hasKey ? contract.primaryKey("id") : contract)
          .commit();
    }
    List<Future<Integer>> others = new ArrayList<>();
    ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
    try {
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        others.add(executor.submit(() -> publish(writer)));
      }
      for (Future<Integer> most : others) {
        assertThat(most.get()).isLessThan(2 * WRITERS);
      }
    } finally {
      executor.shutdownNow();
    }
    try (Mesh mesh = LocalMesh.open(folder);
        Rows<Order> rows = shop(mesh).read(ORDERS).as(Order.class).read()) {
      assertThat(rows.stream().map(Order::id)).hasSize(WRITERS * PUBLISHES).doesNotHaveDuplicates();
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }
}
