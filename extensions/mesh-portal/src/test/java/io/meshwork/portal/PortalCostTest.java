package io.meshwork.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Page;
import io.meshwork.testkit.InMemoryMesh;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many calls of the registry a site takes: a fixed number for each product and domain. */
class PortalCostTest {
  private static final int DOMAINS = 4;
  private static final int SMALL = 40;
  private static final int LARGE = 400;

  /**
   * The card, the rights, the history of the contract, the quality of the rows, and a sample of
   * them; of the owner's products also the receipts.
   */
  private static final int CALLS_A_PRODUCT = 72;

  private static final int CALLS_A_DOMAIN = 40;
  private static final Duration PROMISE = Duration.ofHours(1);

  @TempDir Path folder;
  private final AtomicLong calls = new AtomicLong();

  private final class CountedRegistry extends ForwardingRegistry {
    CountedRegistry(Registry real) {
      super(real);
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

  /** Each product derives from the one before it, so that most have trouble upstream. */
  private Mesh meshOf(int products) {
    Mesh mesh = InMemoryMesh.builder().testing().wrapRegistry(CountedRegistry::new).open();
    for (int domain = 0; domain < DOMAINS; domain++) {
      MeshClient owner = mesh.clientAs(Principal.of("d" + domain, "etl"));
      owner.registerDomain("d" + domain).owner("d@example.org").commit();
      for (int product = 0; product < products / DOMAINS; product++) {
        String name = "d" + domain + "/p" + product;
        owner
            .defineProduct(name)
            .contract(Contract.of(Order.class).freshWithin(PROMISE))
            .openToMesh()
            .commit();
        var publish = owner.publish(name).records(List.of(SmallMesh.order(product)));
        if (product > 0) {
          publish.derivedFrom(SmallMesh.newest(owner, "d" + domain + "/p" + (product - 1)));
        }
        publish.commit();
      }
    }
    return mesh;
  }

  private long callsOf(int products, String account) {
    try (Mesh mesh = meshOf(products)) {
      calls.set(0);
      Portal.of(mesh.clientAs(Principal.of(account, "etl")))
          .writeTo(folder.resolve(account + products));
      return calls.get();
    }
  }

  @Test
  void aSiteTakesAFixedNumberOfCallsForEachProduct() {
    for (String account : List.of("visitor", "d0")) {
      long small = callsOf(SMALL, account);
      long large = callsOf(LARGE, account);

      assertThat(large)
          .as("calls for %d products as %s; %d for %d", LARGE, account, small, SMALL)
          .isLessThanOrEqualTo((long) LARGE * CALLS_A_PRODUCT + DOMAINS * CALLS_A_DOMAIN);
      assertThat(large - small)
          .as("more calls of %s for more products", account)
          .isLessThanOrEqualTo((long) (LARGE - SMALL) * CALLS_A_PRODUCT);
    }
  }
}
