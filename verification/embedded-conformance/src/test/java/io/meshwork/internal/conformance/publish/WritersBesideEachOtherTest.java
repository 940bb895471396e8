package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
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
  private static final String ORDERS = "commerce/orders";
  private static final int WRITERS = 16;
  private static final int PUBLISHES = 4;
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
    define(hasKey);
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
    define(hasKey);
    int publishes = TestSample.SAMPLED ? 1 : 2;
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(start(i * WRITERS_OF_A_PROCESS, publishes));
      }
      for (Process process : processes) {
        assertThat(process.getInputStream().read()).as("ready").isEqualTo('r');
      }
      for (Process process : processes) {
        process.getOutputStream().close();
      }
      for (int i = 0; i < PROCESSES; i++) {
        assertThat(processes.get(i).waitFor()).as("failed publishes of process " + i).isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    requireRows(PROCESSES * WRITERS_OF_A_PROCESS * publishes);
  }

  private Process start(int first, int publishes) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            WriterProgram.class.getName(),
            folder.toString(),
            ORDERS,
            String.valueOf(first),
            String.valueOf(WRITERS_OF_A_PROCESS),
            String.valueOf(publishes))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void define(boolean hasKey) {
    Contract contract = Contract.of(Order.class);
    try (Mesh mesh = LocalMesh.open(folder)) {
      shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
      shop(mesh)
          .defineProduct(ORDERS)
          .contract(hasKey ? contract.primaryKey("id") : contract)
          .commit();
    }
  }

  private void requireRows(int count) {
    try (Mesh mesh = LocalMesh.open(folder);
        Rows<Order> rows = shop(mesh).read(ORDERS).as(Order.class).rows()) {
      assertThat(rows.stream().map(Order::id)).hasSize(count).doesNotHaveDuplicates();
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }
}
