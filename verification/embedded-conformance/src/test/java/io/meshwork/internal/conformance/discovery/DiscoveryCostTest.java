package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.discovery.MeshOverview;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Page;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.InMemoryMesh;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How many calls of the registry questions about the whole mesh take at 1,000 products with 1,000
 * snapshots each: they grow with the domains and with the pages of their lists, not with the
 * snapshots of products or their readers.
 *
 * <p>The fixture does not publish a million times. One product is published as often as its
 * activity remembers, and the activities of the others are written as copies: documents as long as
 * after 1,000 publishes, without the tables and logs. No question may ask for these, in the
 * partition of a product, which is asserted.
 */
class DiscoveryCostTest {
  private static final int DOMAINS = 4;
  private static final int PRODUCTS = 1_000;

  /**
   * An activity keeps the times of the last 60 publishes, so that more make it no longer; {@code
   * -Ddiscovery.snapshots=1000} publishes more.
   */
  private static final int SNAPSHOTS = Integer.getInteger("discovery.snapshots", 60);

  /** The documents of a page of the registry in memory. */
  private static final int PAGE = 100;

  private static final int PAGES = (PRODUCTS / DOMAINS + PAGE - 1) / PAGE;

  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger pages = new AtomicInteger();
  private final Map<String, Integer> lists = new ConcurrentHashMap<>();
  private final Set<String> partitions = ConcurrentHashMap.newKeySet();

  @SuppressWarnings("NullAway.Init") // JUnit opens the mesh before each test
  private Mesh mesh;

  private @Nullable Registry counted;

  private final class CountedRegistry extends ForwardingRegistry {
    CountedRegistry(Registry real) {
      super(real);
      counted = real;
    }

    @Override
    public Optional<Document> read(Key key) {
      reads.incrementAndGet();
      partitions.add(key.partition());
      return super.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      pages.incrementAndGet();
      partitions.add(partition);
      if (cursor == null) {
        lists.merge(partition + " " + sortPrefix, 1, Integer::sum);
      }
      return super.list(partition, sortPrefix, cursor);
    }
  }

  @BeforeEach
  void defineProducts() {
    mesh = InMemoryMesh.builder().testing().wrapRegistry(CountedRegistry::new).open();
    for (int domain = 0; domain < DOMAINS; domain++) {
      MeshClient owner = domain(domain);
      owner.registerDomain("d" + domain).owner("d" + domain + "@example.org").commit();
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
    return mesh.clientAs(Principal.of("d" + number, "etl"));
  }

  /** Publishes many small snapshots to one product; no other product costs more for them. */
  private void publishSnapshots(int count) {
    for (int i = 0; i < count; i++) {
      domain(0).publish("d0/p0").records(Order.range(i, i + 1)).commit();
    }
  }

  private static void publishNoRows(MeshClient owner, String product) {
    owner.publish(product).records(List.<Order>of()).commit();
  }

  /** Gives each product an activity like that of the one that has all snapshots. */
  private void copyActivity() {
    Registry registry = Objects.requireNonNull(counted);
    Document activity = registry.read(new Key("d0/@reads", ACTIVITIES + "p0/1")).orElseThrow();
    int number = 0;
    for (int domain = 0; domain < DOMAINS; domain++) {
      for (int product = 0; product < PRODUCTS / DOMAINS; product++) {
        Key key = new Key("d" + domain + "/@reads", ACTIVITIES + "p" + product + "/1");
        Optional<Document> known = registry.read(key);
        if (!key.equals(activity.key())) {
          Transaction.Builder write =
              Transaction.attempt("01a9f2e0-0000-8000-8000-" + String.format("%012d", number++));
          known.ifPresentOrElse(
              old -> write.replace(key, activity.json(), old.version()),
              () -> write.insert(key, activity.json()));
          registry.commit(write.build());
        }
      }
    }
  }

  private int callsOf(Runnable question) {
    reads.set(0);
    pages.set(0);
    lists.clear();
    partitions.clear();
    question.run();
    assertThat(partitions).as("logs and tables").noneMatch(name -> name.matches("d\\d/p\\d+"));
    assertThat(pages.get())
        .as("pages of %s", lists)
        .isLessThanOrEqualTo(
            FIXED
                + DOMAINS * 3 * PAGES
                + lists.values().stream().mapToInt(Integer::intValue).sum());
    return reads.get() + lists.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Test
  void questionsAboutTheMeshTakeAFixedNumberOfCallsForEachDomain() {
    publishSnapshots(1);
    publishNoRows(domain(3), "d3/p9");
    publishNoRows(domain(3), "d3/p9");
    MeshClient asker = domain(1);
    assertCalls(asker);
    publishSnapshots(SNAPSHOTS - 1);
    copyActivity();
    assertThat(asker.health("d3/p7").freshness().updates()).hasSize(60);
    assertCalls(asker);
  }

  private void assertCalls(MeshClient asker) {
    assertThat(callsOf(asker::health)).as("health").isEqualTo(FIXED + NOTIFIERS + DOMAINS * 4);
    assertThat(lists.keySet())
        .filteredOn(list -> list.startsWith("d0"))
        .containsExactlyInAnyOrder(
            "d0 product/", "d0/@reads " + INDEX_ENTRIES, "d0/@reads " + ACTIVITIES);
    assertThat(callsOf(() -> asker.search("order").results()))
        .as("search")
        .isEqualTo(FIXED + DOMAINS * 4);
    assertThat(callsOf(() -> asker.uses("d0"))).as("uses").isEqualTo(FIXED + 1 + DOMAINS * 4 + 3);
    assertThat(callsOf(asker::avoidedCopies)).as("copies").isEqualTo(FIXED + DOMAINS * 6);
    assertThat(callsOf(() -> asker.lineage("d0/p0").upstream(3).downstream(3).graph()))
        .as("lineage")
        .isEqualTo(FIXED + 1 + DOMAINS * 4);
    assertThat(callsOf(() -> asker.faultOf("d0/p0")))
        .as("fault")
        .isEqualTo(FIXED + 1 + DOMAINS * 4);
    assertThat(callsOf(() -> asker.impactOf("d0/p0")))
        .as("impact")
        .isEqualTo(FIXED + 1 + DOMAINS * 6);
    assertThat(callsOf(() -> askMuch(asker.overview())))
        .as("many questions to an overview")
        .isEqualTo(FIXED + NOTIFIERS + DOMAINS * 7 + 3 + ASKED * 2);
  }

  /** Each question reads the domain of the asker, who may have left it. */
  private static void askMuch(MeshOverview overview) {
    overview.health();
    overview.uses();
    overview.avoidedCopies();
    for (int product = 0; product < ASKED; product++) {
      overview.lineage("d0/p" + product).upstream(3).downstream(3).graph();
      overview.faultOf("d0/p" + product);
    }
  }

  /** The list of domains, and the domain of the asker. */
  private static final int FIXED = 2;

  /** The list of the notifiers' positions, for what waits in the asker's domain. */
  private static final int NOTIFIERS = 1;

  private static final int ASKED = 100;

  private static final String INDEX_ENTRIES = UnloggedDocuments.INDEX + "shape/";
  private static final String ACTIVITIES = UnloggedDocuments.INDEX + "pulse/";
}
