package io.meshwork.portal;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
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

  record Order(String orderId, long amount) {}

  public static Mesh open() {
    Mesh mesh = InMemoryMesh.builder().clock(() -> NOW).open();
    MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    commerce.registerDomain("commerce").owner("orders@example.org").commit();
    MeshClient finance = mesh.clientAs(Principal.of("finance", "etl"));
    finance.registerDomain("finance").owner("finance@example.org").commit();
    define(commerce, "commerce/orders", "Orders of the shop");
    define(finance, "finance/revenue", "Revenue by day");
    commerce.publish("commerce/orders").records(List.of(new Order("o-1", 17))).commit();
    finance
        .publish("finance/revenue")
        .records(List.of(new Order("o-1", 17)))
        .derivedFrom(newest(finance, "commerce/orders"), "amount=amount")
        .commit();
    return mesh;
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
    MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    commerce
        .publish("commerce/secret")
        .records(List.of(new Order("s-" + amount, amount)))
        .derivedFrom(newest(commerce, "commerce/orders"), "amount=amount")
        .commit();
  }

  static void defineSecret(Mesh mesh) {
    mesh.clientAs(Principal.of("commerce", "etl"))
        .defineProduct("commerce/secret")
        .contract(
            Contract.of(Order.class)
                .description("Not for everyone")
                .classification(Classification.RESTRICTED))
        .commit();
  }

  static void suggest(Mesh mesh, String text) {
    mesh.clientAs(Principal.of("finance", "analyst"))
        .suggestions()
        .suggest("commerce/orders")
        .kind(Suggestion.Kind.NEW_COLUMN)
        .columns("currency")
        .text(text)
        .commit();
  }

  static Snapshot newest(MeshClient client, String product) {
    return client.read(product).snapshots().get(0);
  }
}
