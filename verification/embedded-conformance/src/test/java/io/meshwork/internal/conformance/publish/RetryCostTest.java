package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.InMemoryMesh;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The files that a publish opens and writes again after it lost to another one. */
class RetryCostTest {
  private static final String ORDERS = "commerce/orders";
  private static final int PUBLISHES = 12;
  private static final int WRITERS = 8;

  private static final String DATA_FILE = "data file";
  private static final String LIST = "manifest list";
  private static final String MANIFEST = "manifest";
  private static final String METADATA = "metadata file";

  private final Faults faults = Faults.seeded(1);
  private int lost;

  @Test
  void aRetryWithoutKeyReadsTheManifestListOfTheOtherPublish() {
    List<String> calls = retry(false, publish -> publish.records(Order.range(100, 101)));

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
    // Iceberg reads its own list again.
    assertThat(files(calls, Port.FILE_READ)).containsExactly(LIST, LIST);
  }

  @Test
  void aRetryWithAKeyReadsOneManifestMore() {
    List<String> calls = retry(true, publish -> publish.records(Order.range(100, 101)));

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(LIST, METADATA);
    assertThat(files(calls, Port.FILE_READ)).containsExactly(LIST, MANIFEST, LIST);
  }

  @Test
  void aRetryOfAReplacementReadsTheManifestOfTheReplacedRowsToo() {
    List<String> calls =
        retry(true, publish -> publish.records(Order.range(3, 4)).replaceWhere("id = 3"));

    assertThat(files(calls, Port.FILE_CLOSE)).containsExactly(MANIFEST, MANIFEST, LIST, METADATA);
    assertThat(files(calls, Port.FILE_READ)).containsOnly(LIST, MANIFEST).hasSizeLessThan(6);
  }

  @Test
  void writersThatBeginTogetherAreEachTriedOnce() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
    try (Mesh mesh = InMemoryMesh.builder(faults).open()) {
      MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      int before = faults.calls();
      CyclicBarrier start = new CyclicBarrier(WRITERS);
      List<Callable<Object>> writers = new ArrayList<>();
      for (int id = 0; id < WRITERS; id++) {
        List<Order> row = Order.range(id, id + 1);
        writers.add(
            () -> {
              start.await();
              return shop.publish(ORDERS).records(row).commit();
            });
      }
      for (Future<Object> done : executor.invokeAll(writers)) {
        done.get();
      }

      assertThat(faults.trace().lines().skip(before))
          .filteredOn(call -> call.contains(Port.REGISTRY_COMMIT + " " + ORDERS))
          .hasSize(WRITERS);
    } finally {
      executor.shutdownNow();
    }
  }

  /** Publishes while another publish is committed first; returns the calls of the second try. */
  private List<String> retry(boolean hasKey, Function<Publish<?>, Publish<?>> rows) {
    try (Mesh mesh = InMemoryMesh.builder(faults).open()) {
      MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      Contract contract = Contract.of(Order.class);
      shop.defineProduct(ORDERS).contract(hasKey ? contract.primaryKey("id") : contract).commit();
      for (int id = 0; id < PUBLISHES; id++) {
        shop.publish(ORDERS).records(Order.range(id, id + 1)).commit();
      }
      faults
          .on(Port.REGISTRY_COMMIT)
          .nth(1)
          .meanwhile(
              () -> {
                shop.publish(ORDERS).records(Order.range(50, 51)).commit();
                lost = faults.calls();
              });

      rows.apply(shop.publish(ORDERS)).commit();

      assertThat(lost).isPositive();
      return faults
          .trace()
          .lines()
          .skip(lost)
          .takeWhile(call -> !call.contains(Port.REGISTRY_COMMIT + " " + ORDERS))
          .toList();
    }
  }

  /** The kinds of the files of these calls, each file once. */
  private static List<String> files(List<String> calls, Port port) {
    String start = " " + port + " ";
    return calls.stream()
        .filter(call -> call.contains(start))
        .map(call -> call.substring(call.indexOf(start) + start.length()))
        .distinct()
        .map(RetryCostTest::kind)
        .toList();
  }

  private static String kind(String location) {
    if (location.endsWith(".parquet")) {
      return DATA_FILE;
    } else if (location.endsWith(".metadata.json")) {
      return METADATA;
    }
    return location.contains("-snap-") ? LIST : MANIFEST;
  }
}
