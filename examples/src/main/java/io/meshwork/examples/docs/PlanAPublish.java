package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.PublishPlan;
import java.util.List;

/** A plan of a publish. */
public final class PlanAPublish {
  private PlanAPublish() {}

  /** Runs in the folder of the argument, or in a temporary one. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      List<Order> corrected = Orders.GOOD.subList(0, 1);
      // tag::plan[]
      Publish<Order> publish = commerce.publish("commerce/orders").records(corrected).replaceAll();
      PublishPlan plan = publish.plan();
      System.out.println(plan);
      if (plan.isAccepted() && plan.rowsRemoved() <= 2) {
        publish.commit();
      }
      // end::plan[]
    }
  }
}
