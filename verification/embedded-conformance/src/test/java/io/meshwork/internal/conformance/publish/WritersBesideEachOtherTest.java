package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.internal.conformance.fixture.Order;
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

/** Many publishes to one product, each writer with a mesh of the same folder. */
class WritersBesideEachOtherTest {
  private static final String ORDERS = WriterProcesses.ORDERS;
  private static final int NIGHTLY_PUBLISHES = 6;
  private static final int WRITERS = TestSample.SAMPLED ? 16 : 32;
  private static final int PUBLISHES = TestSample.SAMPLED ? 4 : NIGHTLY_PUBLISHES;
  private static final int PROCESSES = 4;
  private static final int WRITERS_OF_A_PROCESS = 8;

  @TempDir private Path folder;

  private final AtomicInteger committed = new AtomicInteger();

  private MeshClient shop(Mesh mesh) {
    return mesh.clientAs(Principal.of("commerce", "etl"));
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
    WriterProcesses.define(folder, hasKey);
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
    requireRows(WRITERS * PUBLISHES);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsLostBetweenProcesses(boolean hasKey) throws Exception {
    WriterProcesses.define(folder, hasKey);
    int publishes = TestSample.SAMPLED ? 1 : NIGHTLY_PUBLISHES;
    WriterProcesses processes =
        new WriterProcesses(folder, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), 0);

    assertThat(processes.run(PROCESSES, WRITERS_OF_A_PROCESS, publishes, WRITERS_OF_A_PROCESS))
        .hasSize(PROCESSES * WRITERS_OF_A_PROCESS * publishes);

    requireRows(PROCESSES * WRITERS_OF_A_PROCESS * publishes);
  }

  private void requireRows(int count) {
    try (Mesh mesh = LocalMesh.open(folder);
        Rows<Order> rows = shop(mesh).read(ORDERS).as(Order.class).rows()) {
      assertThat(rows.stream().map(Order::id)).hasSize(count).doesNotHaveDuplicates();
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }
}
