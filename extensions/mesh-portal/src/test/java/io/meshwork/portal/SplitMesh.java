package io.meshwork.portal;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.request.Suggestion;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A mesh with a catalog for each of three domains, which use each other; catalogs can fail. */
final class SplitMesh implements AutoCloseable {
  static final List<String> DOMAINS = List.of("commerce", "finance", "logistics");

  private final Set<String> gone = ConcurrentHashMap.newKeySet();
  private final ManualClock clock = ManualClock.at(SmallMesh.NOW);
  private final Mesh mesh;

  SplitMesh() {
    this.mesh =
        InMemoryMesh.builder()
            .topology(Topology.federated())
            .clock(clock)
            .testing()
            .sleeper(clock::advance)
            .deadline(Duration.ofMinutes(1))
            .testing()
            .wrapRegistry(FailingRegistry::new)
            .open();
    for (String domain : DOMAINS) {
      as(domain).registerDomain(domain).owner(domain + "@example.org").commit();
    }
    define("commerce", "commerce/orders");
    define("finance", "finance/revenue");
    define("logistics", "logistics/stock");
    for (String domain : DOMAINS) {
      String product = domain.equals("commerce") ? "finance/revenue" : "commerce/orders";
      MeshClient client = as(domain);
      client.linkResource(product).database("shared").commit();
      client.subscribe(product).name("daily").purpose("Planning").commit();
      client
          .suggestions()
          .suggest(product)
          .kind(Suggestion.Kind.NEW_COLUMN)
          .columns("currency")
          .text("Add the currency for " + domain)
          .commit();
    }
    derive("finance", "finance/revenue", "commerce/orders");
    derive("logistics", "logistics/stock", "commerce/orders");
  }

  private void define(String domain, String product) {
    SmallMesh.define(as(domain), product, "Rows of " + domain);
    as(domain).publish(product).records(List.of(SmallMesh.order(17))).commit();
  }

  private void derive(String domain, String product, String input) {
    MeshClient client = as(domain);
    client
        .publish(product)
        .records(List.of(SmallMesh.order(18)))
        .derivedFrom(SmallMesh.newest(client, input))
        .commit();
  }

  MeshClient as(String account) {
    return mesh.clientAs(Principal.of(account, "etl"));
  }

  void takeAway(String catalog) {
    gone.add(catalog);
  }

  @Override
  public void close() {
    gone.clear();
    mesh.close();
  }

  private final class FailingRegistry extends ForwardingRegistry {
    FailingRegistry(Registry real) {
      super(real);
    }

    @Override
    public Optional<Document> read(Key key) {
      requireThere();
      return super.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      requireThere();
      return super.list(partition, sortPrefix, cursor);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      requireThere();
      return super.commit(transaction);
    }

    private void requireThere() {
      boolean missing =
          !gone.isEmpty()
              && real.read(new Key("_mesh", "topology"))
                  .filter(
                      document ->
                          gone.stream()
                              .anyMatch(
                                  catalog ->
                                      document
                                          .json()
                                          .replace(" ", "")
                                          .contains("\"catalog\":\"" + catalog + "\"")))
                  .isPresent();
      if (missing) {
        throw Failure.of(MeshAction.of(Verb.READ, "the registry"))
            .because("its catalog is unavailable")
            .passing(ErrorCode.BACKEND_FAILED);
      }
    }
  }
}
