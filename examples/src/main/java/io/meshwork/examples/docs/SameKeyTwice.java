package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.publish.PublishReceipt;
import java.util.List;

/** A publish that can be repeated safely, and how to handle each kind of error. */
public final class SameKeyTwice {
  private SameKeyTwice() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      List<Order> orders = Orders.GOOD;
      // tag::same-key[]
      PublishReceipt first =
          commerce.publish("commerce/orders").records(orders).idempotencyKey("2026-11-19").commit();
      PublishReceipt second =
          commerce.publish("commerce/orders").records(orders).idempotencyKey("2026-11-19").commit();
      System.out.println("replayed: " + second.replayed());
      System.out.println("one publish: " + first.publishId().equals(second.publishId()));
      // end::same-key[]
      // tag::verified[]
      PublishReceipt third =
          commerce
              .publish("commerce/orders")
              .records(orders)
              .idempotencyKey("2026-11-17")
              .verifyReplay()
              .commit();
      // end::verified[]
      System.out.println("the first of its key: " + !third.replayed());
      System.out.println("rows: " + publishDay(commerce, orders, "2026-11-18").rowsAccepted());
    }
  }

  // tag::errors[]
  static PublishReceipt publishDay(MeshClient commerce, List<Order> orders, String day) {
    for (int attempt = 1; ; attempt++) {
      try {
        return commerce.publish("commerce/orders").records(orders).idempotencyKey(day).commit();
      } catch (ContractViolationException e) {
        for (Finding finding : e.findings()) {
          System.err.println(finding.where() + ": " + finding.what() + " " + finding.fix());
        }
        throw e; // the same rows would be rejected again
      } catch (MeshException e) {
        boolean worthIt = e.retryable() || e instanceof OutcomeUnknownException;
        if (!worthIt || attempt == 3) {
          throw e;
        }
      }
    }
  }
  // end::errors[]
}
