package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import java.util.List;

/** Three orders, one with a negative amount, and the error that the producer gets. */
public final class OneBadRow {
  private OneBadRow() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      List<Order> orders = Orders.WITH_A_BAD_ROW;
      // tag::one-bad-row[]
      try {
        commerce.publish("commerce/orders").records(orders).idempotencyKey("2026-11-20").commit();
      } catch (ContractViolationException e) {
        System.out.println(e.getMessage());
      }
      // end::one-bad-row[]
    }
  }
}
