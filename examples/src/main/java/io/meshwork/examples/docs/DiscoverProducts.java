package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.discovery.Lineage;
import io.meshwork.discovery.Lineage.Fault;
import io.meshwork.discovery.Lineage.Impact;
import io.meshwork.discovery.MeshOverview;
import io.meshwork.discovery.Search;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import java.time.Duration;
import java.util.List;

/** A visitor finds orders and the revenue that derives from them, and asks about both. */
public final class DiscoverProducts {
  private DiscoverProducts() {}

  record Order(String orderId, double amount) {}

  record Revenue(String orderId, double total) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      publish(mesh);
      MeshClient visitor = mesh.clientAs(Principal.of("visitor", "analyst"));
      // tag::search[]
      Search.Result result = visitor.search("amount").domain("commerce").results();
      for (Search.Hit hit : result.hits()) {
        System.out.println(hit.product() + " " + hit.status() + " " + hit.matchingColumns());
      }
      // end::search[]
      // tag::health[]
      for (Health health : visitor.health().products()) {
        System.out.println(health.status() + " " + health.product() + " " + health.contact());
      }
      // end::health[]
      // tag::lineage[]
      Lineage lineage = visitor.lineage("finance/revenue").upstream(3).downstream(3).graph();
      for (Lineage.Edge edge : lineage.edges()) {
        System.out.println(edge.from() + " -> " + edge.to() + " " + edge.columns());
      }
      // end::lineage[]
      // tag::impact[]
      Impact impact = visitor.impactOf("commerce/orders", "amount");
      for (Impact.AffectedItem affected : impact.affected()) {
        System.out.println(affected.name() + " " + affected.evidence() + " " + affected.contact());
      }
      Fault fault = visitor.faultOf("finance/revenue");
      System.out.println("origins of trouble: " + fault.origins().size());
      // end::impact[]
      // tag::overview[]
      MeshOverview overview = visitor.overview();
      for (Health health : overview.health().products()) {
        int inputs = overview.lineage(health.product()).upstream(1).graph().edges().size();
        System.out.println(health.product() + " has " + inputs + " inputs");
      }
      // end::overview[]
    }
  }

  private static void publish(Mesh mesh) {
    MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    commerce.registerDomain("commerce").owner("orders@example.org").commit();
    commerce
        .defineProduct("commerce/orders")
        .contract(Contract.of(Order.class).freshWithin(Duration.ofHours(1)))
        .openToMesh()
        .commit();
    commerce
        .publish("commerce/orders")
        .records(List.of(new Order("o-1", 17.50), new Order("o-2", 4.20)))
        .commit();
    MeshClient finance = mesh.clientAs(Principal.of("finance", "etl"));
    finance.registerDomain("finance").owner("finance@example.org").commit();
    finance.defineProduct("finance/revenue").contract(Contract.of(Revenue.class)).commit();
    Snapshot read;
    try (Rows<Order> rows = finance.read("commerce/orders").as(Order.class).rows()) {
      read = rows.snapshot().orElseThrow();
    }
    finance
        .publish("finance/revenue")
        .records(List.of(new Revenue("o-1", 17.50)))
        .derivedFrom(read, "orderId=orderId", "total=amount")
        .commit();
  }
}
