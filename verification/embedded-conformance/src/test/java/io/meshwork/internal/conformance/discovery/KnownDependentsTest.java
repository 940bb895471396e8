package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Page;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.InMemoryMesh;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The consumers of a product are found without reading the other products of the mesh. */
class KnownDependentsTest {
  private static final String ORDERS = "commerce/orders";
  private static final String INDEX = "commerce/@reads";

  private final AtomicInteger calls = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // JUnit opens the mesh before each test
  private Mesh mesh;

  private @Nullable Registry inMemory;
  private int attempts;

  private final class CountedRegistry extends ForwardingRegistry {
    CountedRegistry(Registry real) {
      super(real);
      inMemory = real;
    }

    @Override
    public Optional<Document> read(Key key) {
      calls.incrementAndGet();
      return super.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      calls.incrementAndGet();
      return super.list(partition, sortPrefix, cursor);
    }
  }

  @BeforeEach
  void openMesh() {
    mesh = InMemoryMesh.builder().testing().wrapRegistry(CountedRegistry::new).open();
  }

  @AfterEach
  void closeMesh() {
    mesh.close();
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private void define() {
    shop().registerDomain("commerce").owner("commerce@example.org").commit();
    define(ORDERS, Contract.of(Order.class));
    shop().publish(ORDERS).records(Order.range(0, 3)).commit();
  }

  private void define(String product, Contract contract) {
    shop().defineProduct(product).contract(contract).openToMesh().commit();
  }

  private void defineDependents() {
    define(
        "commerce/refunds", Contract.of(Order.class).require(Rule.references("id", ORDERS, "id")));
    define("commerce/revenue-by-day", Contract.of(Order.class));
    shop()
        .publish("commerce/revenue-by-day")
        .records(Order.range(0, 1))
        .derivedFrom(shop().describe(ORDERS).current().orElseThrow())
        .commit();
  }

  private List<String> consumers() {
    return shop().consumers(ORDERS).stream()
        .map(consumer -> consumer.kind() + " " + product(consumer))
        .toList();
  }

  private static String product(ProductConsumer consumer) {
    return consumer.dependent().map(Object::toString).orElse("");
  }

  private List<Document> dependents() {
    List<Document> found = new ArrayList<>();
    String cursor = null;
    do {
      Page page = Objects.requireNonNull(inMemory).list(INDEX, "index/dependent/", cursor);
      found.addAll(page.documents());
      cursor = page.nextCursor();
    } while (cursor != null);
    return found;
  }

  private void remove(Document document) {
    attempts++;
    Objects.requireNonNull(inMemory)
        .commit(
            Transaction.attempt("01a9f2e0-0000-8000-8000-" + String.format("%012d", attempts))
                .delete(document.key(), document.version())
                .build());
  }

  private int callsOf(Runnable operation) {
    calls.set(0);
    operation.run();
    return calls.get();
  }

  @Test
  void consumersOfAProductTakeAsManyCallsBesideTenTimesTheProducts() {
    define();
    defineDependents();
    List<String> known = consumers();
    for (int i = 0; i < 10; i++) {
      define("commerce/other" + i, Contract.of(Order.class));
    }
    int few = callsOf(this::consumers);
    for (int i = 10; i < 100; i++) {
      define("commerce/other" + i, Contract.of(Order.class));
    }

    assertThat(callsOf(this::consumers)).isEqualTo(few);
    assertThat(consumers()).isEqualTo(known);
    assertThat(known)
        .containsExactly(
            "DERIVED_PRODUCT commerce/revenue-by-day", "REFERRING_RULE commerce/refunds");
  }

  @Test
  void aProductThatDependsOnManyOthersIsAConsumerOfEach() {
    define();
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      define("commerce/input" + i, Contract.of(Order.class));
      rules.add(Rule.references("id", "commerce/input" + i, "id").id("input-" + i));
    }
    rules.add(Rule.references("id", ORDERS, "id"));
    define("commerce/all", Contract.of(Order.class).require(rules.toArray(new Rule[0])));

    assertThat(consumers()).containsExactly("REFERRING_RULE commerce/all");
    assertThat(shop().consumers("commerce/input7")).hasSize(1);
    assertThat(dependents()).hasSize(1);
  }

  @Test
  void doctorNamesADependentProductThatTheIndexLost() {
    define();
    defineDependents();
    List<String> known = consumers();
    dependents().stream()
        .filter(document -> document.key().sort().endsWith("/refunds"))
        .forEach(this::remove);

    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .contains(FindingCode.INDEX_DIFFERS);
    mesh.repair().commit();
    assertThat(consumers()).isEqualTo(known);
  }
}
