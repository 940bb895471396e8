package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.governance.GovernanceClient.TopologyReport;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Four domains and a product that one of them shares, in each topology. */
public final class CompareTopologies {
  private CompareTopologies() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    Path folder = Folder.of(arguments);
    // tag::compare[]
    List<Topology> topologies =
        List.of(
            Topology.central(),
            Topology.byLineOfBusiness(
                Map.of(
                    "retail", Set.of("commerce", "logistics"),
                    "banking", Set.of("finance", "risk"))),
            Topology.federated());
    List<TopologyReport> reports = new ArrayList<>();
    for (Topology topology : topologies) {
      Path meshFolder = folder.resolve("mesh-" + reports.size());
      try (Mesh mesh = LocalMesh.builder(meshFolder).topology(topology).open()) {
        share(mesh);
        reports.add(mesh.clientAs(Principal.of("risk", "analyst")).governance().topology());
      }
    }
    System.out.println(TopologyReport.compared(reports));
    // end::compare[]
  }

  private static void share(Mesh mesh) {
    MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
    for (String domain : List.of("logistics", "finance", "risk")) {
      mesh.clientAs(Principal.of(domain, "lead"))
          .registerDomain(domain)
          .owner(domain + "@example.org")
          .commit();
    }
    Principal closing = Principal.of("finance", "closing");
    commerce.grant("commerce/orders").to(closing).because("They close the books").commit();
    mesh.clientAs(closing)
        .linkResource("commerce/orders")
        .database("finance_db")
        .name("orders")
        .commit();
  }
}
