package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.StagedPublish;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;

/** A publish that is staged by one job and promoted by another. */
public final class StagedOrders {
  private StagedOrders() {}

  /** Runs in the folder of the argument, or in a temporary one. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      // tag::stage[]
      commerce
          .publish("commerce/orders")
          .records(Orders.GOOD)
          .replaceAll()
          .idempotencyKey("2026-11-20")
          .stage();
      // end::stage[]
      // tag::promote[]
      for (StagedPublish staged : commerce.stagedPublishes("commerce/orders")) {
        try (Stream<GenericRecord> rows = staged.rows()) {
          rows.forEach(row -> System.out.println("staged " + row.get("orderId")));
        }
        PublishPlan plan = staged.promote().plan();
        System.out.println(plan);
        if (plan.isAccepted()) {
          PublishReceipt receipt = staged.promote().commit();
          System.out.println(receipt.rowsAccepted() + " rows under " + receipt.idempotencyKey());
        } else {
          staged.discard();
        }
      }
      // end::promote[]
    }
  }
}
