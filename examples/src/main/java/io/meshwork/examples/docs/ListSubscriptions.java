package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;

/** A consumer lists its subscriptions and ends one. */
public final class ListSubscriptions {
  private ListSubscriptions() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      MeshClient finance = mesh.clientAs(Principal.of("finance", "analyst"));
      finance.registerDomain("finance").owner("finance@example.org").commit();
      commerce.grant("commerce/orders").to(finance.principal()).because("Monthly revenue").commit();
      finance.subscribe("commerce/orders").name("copy").purpose("A copy").commit();
      finance.subscribe("commerce/orders").name("revenue").purpose("Revenue").commit();
      // tag::consumer[]
      for (Subscription.Summary subscription : finance.subscriptions()) {
        System.out.println(
            subscription.product() + " " + subscription.name() + " " + subscription.state());
      }
      finance.unsubscribe("commerce/orders", "copy").commit();
      System.out.println(finance.subscriptions().size() + " left");
      // end::consumer[]
    }
  }
}
