package io.meshwork.portal;

import static io.meshwork.internal.testkit.SampleMesh.ORDERS;
import static io.meshwork.internal.testkit.SampleMesh.REVENUE;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.testkit.SampleMesh;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import io.meshwork.request.Suggestion;
import io.meshwork.testkit.InMemoryMesh;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A mesh of two domains: orders, a secret product that derives from them, and revenue. */
public final class SmallMesh {
  static final Principal VISITOR = Principal.of("visitor", "viewer");
  static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

  private SmallMesh() {}

  public static Mesh open() {
    SampleMesh sample = SampleMesh.open(InMemoryMesh.builder().clock(() -> NOW));
    define(sample.commerce(), ORDERS, "Orders of the shop");
    define(sample.finance(), REVENUE, "Revenue by day");
    sample.commerce().publish(ORDERS).records(List.of(order(17))).commit();
    sample
        .finance()
        .publish(REVENUE)
        .records(List.of(order(17)))
        .derivedFrom(newest(sample.finance(), ORDERS), "amount=amount")
        .commit();
    return sample.mesh();
  }

  static Order order(double amount) {
    return new Order("o-1", amount, "DE");
  }

  public static void define(MeshClient owner, String product, String description) {
    owner
        .defineProduct(product)
        .contract(
            Contract.of(Order.class).description(description).freshWithin(Duration.ofHours(24)))
        .openToMesh()
        .commit();
  }

  /** Defines a product that only its owner knows the details of, and derives it from the orders. */
  static void addSecret(Mesh mesh, long amount) {
    MeshClient commerce = mesh.clientAs(SampleMesh.SHOP);
    commerce
        .publish("commerce/secret")
        .records(List.of(order(amount)))
        .derivedFrom(newest(commerce, ORDERS), "amount=amount")
        .commit();
  }

  static void defineSecret(Mesh mesh) {
    mesh.clientAs(SampleMesh.SHOP)
        .defineProduct("commerce/secret")
        .contract(
            Contract.of(Order.class)
                .description("Not for everyone")
                .classification(Classification.RESTRICTED))
        .commit();
  }

  static void suggest(Mesh mesh, String text) {
    mesh.clientAs(SampleMesh.ANALYST)
        .suggestions()
        .suggest(ORDERS)
        .kind(Suggestion.Kind.NEW_COLUMN)
        .columns("currency")
        .text(text)
        .commit();
  }

  static Snapshot newest(MeshClient client, String product) {
    return client.read(product).snapshots().get(0);
  }
}
