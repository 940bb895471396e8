package io.meshwork.walk;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.product.Principal;
import io.meshwork.request.Suggestion;
import java.util.List;

/**
 * What a principal has that is asked: a product, requests and suggestions that it sent and
 * received, and a link.
 *
 * @param objects gets the IDs
 */
record OwnProducts(Mesh mesh, Principal principal, KnownObjects objects) {
  static final String OWN = "own";

  /** Returns the name of the product of a principal. */
  static String product(Principal principal) {
    return principal.account() + "/" + OWN;
  }

  void define(boolean withRollout) {
    MeshClient client = mesh.clientAs(principal);
    MeshClient rival = mesh.clientAs(ShopProducts.RIVAL);
    String product = product(principal);
    client.defineProduct(product).contract(Contract.of(ShopProducts.Person.class)).commit();
    client
        .publish(product)
        .records(List.of(new ShopProducts.Person(1, "a"), new ShopProducts.Person(2, "b")))
        .idempotencyKey("first")
        .commit();
    objects.addId("snapshot", client.read(product).snapshots().get(0).id());
    objects.addId("request", rival.requests().requestAccess(product).purpose("p").commit().id());
    objects.addId(
        "request", client.requests().requestAccess(ShopProducts.CLOSED).purpose("p").commit().id());
    objects.addId("suggestion", suggest(rival, product));
    objects.addId("suggestion", suggest(client, ShopProducts.CLOSED));
    objects.addId(
        "grant", client.grant(product).to(World.OUTSIDER).because("own").commit().get(0).id());
    client.linkResource(ShopProducts.OPEN).database(principal.account() + "_links").commit();
    if (withRollout) {
      client
          .startRollout(product)
          .contract(Contract.of(ShopProducts.SecondMajors.Person.class))
          .because("own")
          .commit()
          .announce()
          .commit();
    }
  }

  static String suggest(MeshClient client, String product) {
    return client
        .suggestions()
        .suggest(product)
        .kind(Suggestion.Kind.values()[0])
        .columns("extra")
        .text("more")
        .commit()
        .id();
  }
}
