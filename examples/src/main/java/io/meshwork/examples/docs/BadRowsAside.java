package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.OnViolation;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.publish.PublishReceipt;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/** The same three orders under a contract that quarantines bad rows. */
public final class BadRowsAside {
  private BadRowsAside() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.QUARANTINE);
      List<Order> orders = Orders.WITH_A_BAD_ROW;
      // tag::quarantine[]
      PublishReceipt receipt =
          commerce.publish("commerce/orders").records(orders).idempotencyKey("2026-11-20").commit();
      System.out.println(receipt.rowsAccepted() + " accepted");
      System.out.println(receipt.quality().rowsQuarantined() + " quarantined");

      try (Rows<GenericRecord> bad = commerce.quarantine("commerce/orders").rows()) {
        for (GenericRecord row : bad) {
          System.out.println("row " + row.get("row_number") + " broke " + row.get("rules"));
        }
      }
      // end::quarantine[]
    }
  }
}
