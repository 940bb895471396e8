package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** Replacing rows, erasing rows, and rolling back. */
public final class ReplaceAndErase {
  private static final List<Order> CORRECTED =
      List.of(new Order("o-2", Instant.parse("2026-11-19T09:30:00Z"), 5.00));

  private ReplaceAndErase() {}

  /** The result of a job that reads the orders. */
  record Revenue(@Column(precision = 12, scale = 2) BigDecimal total) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      PublishReceipt first = commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      List<Order> corrected = CORRECTED;
      // tag::replace[]
      PublishReceipt replaced =
          commerce
              .publish("commerce/orders")
              .records(corrected)
              .replaceWhere("createdAt >= TIMESTAMP '2026-11-19 09:00:00Z'")
              .idempotencyKey("2026-11-19, corrected")
              .commit();
      System.out.println(replaced.rowsRemoved() + " out, " + replaced.rowsAccepted() + " in");

      PublishReceipt erased =
          commerce
              .erase("commerce/orders")
              .where("orderId = 'o-1'")
              .because("request 4711 of the customer")
              .commit();
      System.out.println(erased.rowsRemoved() + " erased: " + erased.because().get());
      // end::replace[]
      derive(commerce);
      String earlier = first.snapshotId().orElseThrow();
      // tag::history[]
      commerce
          .rollBack("commerce/orders")
          .to(earlier)
          .because("the correction was wrong")
          .restoreErased() // required, because rows were erased since
          .commit();

      for (RowChange entry : commerce.publishHistory("commerce/orders").changes()) {
        System.out.println(
            entry.sequence()
                + " "
                + entry.mode().text()
                + " by "
                + entry.by()
                + ", then "
                + entry.rowsTotal()
                + " rows");
      }
      // end::history[]
    }
  }

  private static void derive(MeshClient commerce) {
    commerce.defineProduct("commerce/revenue").contract(Contract.of(Revenue.class)).commit();
    try (Rows<Order> orders = commerce.read("commerce/orders").as(Order.class).rows()) {
      BigDecimal total = BigDecimal.ZERO;
      for (Order order : orders) {
        total = total.add(BigDecimal.valueOf(order.amount()).setScale(2));
      }
      Snapshot input = orders.snapshot().orElseThrow();
      commerce
          .publish("commerce/revenue")
          .records(List.of(new Revenue(total)))
          .derivedFrom(input, "total=amount")
          .replaceAll()
          .idempotencyKey("of " + input.id())
          .commit();
    }
  }
}
