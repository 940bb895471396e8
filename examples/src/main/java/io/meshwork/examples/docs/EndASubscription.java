package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;

/** Finds and ends unused subscriptions. */
public final class EndASubscription {
  private EndASubscription() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      MeshClient finance = mesh.actingAs(Principal.of("finance", "analyst"));
      finance.registerDomain("finance").ownedBy("finance@example.org").commit();
      String grant =
          commerce
              .grant("commerce/orders")
              .to(finance.principal())
              .because("Monthly revenue")
              .commit()
              .get(0)
              .id();
      finance.subscribe("commerce/orders").named("copy").purpose("A copy").commit();
      finance.subscribe("commerce/orders").named("revenue").purpose("Revenue").commit();
      consumer(finance);
      commerce.access().revoke(grant).because("The year is closed").commit();
      owner(commerce);
      System.out.println(finance.subscriptions().size() + " left");
    }
  }

  private static void consumer(MeshClient finance) {
    // tag::consumer[]
    for (Subscription.Card card : finance.subscriptions()) {
      System.out.println(card.product() + " " + card.name() + " " + card.state());
    }
    finance.unsubscribe("commerce/orders", "copy").commit();
    // end::consumer[]
  }

  private static void owner(MeshClient commerce) {
    // tag::owner[]
    for (Subscription.Card card : commerce.subscriptions("commerce/orders")) {
      if (card.state() != Subscription.State.ACTIVE) {
        commerce
            .unsubscribe("commerce/orders", card.domain() + "/" + card.name())
            .because("It is " + card.state())
            .commit();
      }
    }
    // end::owner[]
  }
}
