package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;

/** A subscription with a name, a purpose, and two columns. */
public final class SubscribeAndRead {
  private SubscribeAndRead() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      // tag::subscribe[]
      record Amount(String orderId, double amount) {}

      Subscription<Amount> amounts =
          commerce
              .subscribe("commerce/orders")
              .name("revenue")
              .purpose("Revenue by day")
              .as(Amount.class)
              .commit();
      try (Rows<Amount> rows = amounts.rows()) {
        rows.forEach(System.out::println);
      }
      // end::subscribe[]
    }
  }
}
