package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Page;
import io.meshwork.testkit.InMemoryMesh;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How many calls of the registry questions about the whole mesh take: they grow with the domains,
 * not with the products, their snapshots, or their readers.
 */
class DiscoveryCostTest {
  private static final int DOMAINS = 4;
  private static final int PRODUCTS = 1_000;

  private final AtomicInteger reads = new AtomicInteger();
  private final Map<String, Integer> lists = new ConcurrentHashMap<>();

  @SuppressWarnings("NullAway.Init") // JUnit opens the mesh before each test
  private Mesh mesh;

  private final class CountedRegistry extends ForwardingRegistry {
    CountedRegistry(Registry real) {
      super(real);
    }

    @Override
    public Optional<Document> read(Key key) {
      reads.incrementAndGet();
      return super.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      if (cursor == null) {
        lists.merge(partition + " " + sortPrefix, 1, Integer::sum);
      }
      return super.list(partition, sortPrefix, cursor);
    }
  }

  @BeforeEach
  void defineProducts() {
    mesh = InMemoryMesh.with().testing().throughRegistry(CountedRegistry::new).open();
    for (int domain = 0; domain < DOMAINS; domain++) {
      MeshClient owner = domain(domain);
      owner.registerDomain("d" + domain).ownedBy("d" + domain + "@example.org").commit();
      for (int product = 0; product < PRODUCTS / DOMAINS; product++) {
        owner
            .defineProduct("d" + domain + "/p" + product)
            .contract(Contract.of(Order.class))
            .openToMesh()
            .commit();
      }
    }
  }

  @AfterEach
  void closeMesh() {
    mesh.close();
  }

  private MeshClient domain(int number) {
    return mesh.actingAs(Principal.of("d" + number, "etl"));
  }

  /** Publishes many small snapshots to one product; no other product costs more for them. */
  private void publishSnapshots(int count) {
    for (int i = 0; i < count; i++) {
      domain(0).publish("d0/p0").records(Order.range(i, i + 1)).commit();
    }
  }

  private int callsOf(Runnable question) {
    reads.set(0);
    lists.clear();
    question.run();
    return reads.get() + lists.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Test
  void questionsAboutTheMeshTakeAFixedNumberOfCallsForEachDomain() {
    publishSnapshots(1);
    MeshClient asker = domain(1);
    for (int round = 0; round < 2; round++) {
      assertThat(callsOf(asker::health)).as("health").isEqualTo(FIXED + DOMAINS * 4);
      assertThat(lists.keySet())
          .filteredOn(list -> list.startsWith("d0"))
          .containsExactlyInAnyOrder(
              "d0 product/",
              "d0/@reads " + UnloggedDocuments.INDEX + "shape/",
              "d0/@reads " + UnloggedDocuments.INDEX + "pulse/");
      assertThat(callsOf(() -> asker.search("order").read()))
          .as("search")
          .isEqualTo(FIXED + DOMAINS * 4);
      assertThat(callsOf(() -> asker.lineage("d0/p0", 3, 3)))
          .as("lineage")
          .isEqualTo(FIXED + 1 + DOMAINS * 4);
      assertThat(callsOf(() -> asker.impactOf("d0/p0")))
          .as("impact")
          .isEqualTo(FIXED + 1 + DOMAINS * 6);
      assertThat(callsOf(() -> asker.faultOf("d0/p0")))
          .as("fault")
          .isEqualTo(FIXED + 1 + DOMAINS * 4);
      assertThat(callsOf(asker::copiesSpared)).as("copies").isEqualTo(FIXED + DOMAINS * 6);
      publishSnapshots(50);
    }
  }

  /** The list of domains, and the domain of the asker. */
  private static final int FIXED = 2;
}
