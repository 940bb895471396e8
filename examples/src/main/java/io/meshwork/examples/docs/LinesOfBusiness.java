package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.util.Map;
import java.util.Set;

/** Two lines of business, each with its own catalog, and a link between them. */
public final class LinesOfBusiness {
  private LinesOfBusiness() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    // tag::open[]
    Topology lines =
        Topology.byLineOfBusiness(
            Map.of(
                "retail", Set.of("commerce", "logistics"), "banking", Set.of("finance", "risk")));
    LocalMesh.builder(Folder.of(arguments).resolve("mesh")).topology(lines).open().close();
    // end::open[]
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments).resolve("mesh"))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      Principal closing = Principal.of("finance", "closing");
      MeshClient finance = mesh.clientAs(closing);
      finance.registerDomain("finance").owner("finance@example.org").commit();
      // tag::across[]
      System.out.println(finance.products());
      commerce.grant("commerce/orders").to(closing).because("They close the books").commit();
      try {
        finance.read("commerce/orders").rows().close();
      } catch (AccessDeniedException e) {
        System.out.println(e.code() + " missing: " + e.missing());
      }
      finance.linkResource("commerce/orders").database("finance_db").name("orders").commit();
      try (var rows = finance.read("commerce/orders").rows()) {
        System.out.println(rows.stream().count() + " rows");
      }
      System.out.println(finance.governance().topology());
      // end::across[]
    }
  }
}
