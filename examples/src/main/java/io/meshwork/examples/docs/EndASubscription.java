package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;

/** An owner ends the subscriptions that are no longer used. */
public final class EndASubscription {
  private EndASubscription() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      MeshClient finance = mesh.clientAs(Principal.of("finance", "analyst"));
      finance.registerDomain("finance").owner("finance@example.org").commit();
      String grant =
          commerce
              .grant("commerce/orders")
              .to(finance.principal())
              .because("Monthly revenue")
              .commit()
              .get(0)
              .id();
      commerce.subscribe("commerce/orders").name("stock").purpose("Stock").commit();
      finance.subscribe("commerce/orders").name("revenue").purpose("Revenue").commit();
      commerce.revoke(grant).because("The year is closed").commit();
      // tag::owner[]
      for (Subscription.Summary subscription : commerce.subscriptions("commerce/orders")) {
        System.out.println(
            subscription.domain() + "/" + subscription.name() + " " + subscription.state());
        if (subscription.state() != Subscription.State.ACTIVE) {
          commerce
              .unsubscribe("commerce/orders", subscription.domain() + "/" + subscription.name())
              .because("It is " + subscription.state())
              .commit();
        }
      }
      System.out.println(commerce.subscriptions("commerce/orders").size() + " left");
      // end::owner[]
    }
  }
}
