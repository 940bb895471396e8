package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.OnViolation;
import io.meshwork.link.ResourceLink;
import io.meshwork.local.LocalMesh;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import org.apache.avro.generic.GenericRecord;

/** A domain links a product of another domain into its catalog, and reads it. */
public final class LinkIntoYourCatalog {
  private LinkIntoYourCatalog() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.builder(Folder.of(arguments).resolve("mesh")).open()) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      Principal closing = Principal.of("finance", "closing");
      MeshClient finance = mesh.clientAs(closing);
      finance.registerDomain("finance").owner("finance@example.org").commit();
      // tag::link[]
      Plan<ResourceLink> plan =
          finance.linkResource("commerce/orders").database("finance_db").name("orders").plan();
      System.out.println(plan);
      plan.commit();
      // end::link[]
      commerce.grant("commerce/orders").to(closing).because("They close the books").commit();
      // tag::read[]
      try (Rows<GenericRecord> rows = finance.read("finance_db.orders").rows()) {
        rows.forEach(row -> System.out.println(row.get("orderId")));
      }
      finance.linkDomain("commerce", "shop").commit();
      finance.links().forEach(System.out::println);
      // end::read[]
      finance.unlinkResource("shop").commit();
    }
  }
}
