package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;

/** A central account makes the grants that the owner authorized, and no others. */
public final class CentralSteward {
  private static final Principal ANALYST = Principal.of("finance", "analyst");

  private CentralSteward() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.builder(Folder.of(arguments).resolve("mesh")).open()) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      MeshClient finance = mesh.clientAs(ANALYST);
      finance.registerDomain("finance").owner("finance@example.org").commit();
      MeshClient central = mesh.clientAs(Principal.of("central", "steward"));
      // tag::authorize[]
      AuthorizationSummary authorization =
          commerce
              .access()
              .authorize("commerce/orders")
              .executorAccounts("central")
              .consumerAccounts("finance")
              .columns("orderId", "amount")
              .because("Stewards share what holds no names")
              .commit();
      GrantSummary grant =
          central
              .grant("commerce/orders")
              .columns("orderId")
              .to(ANALYST)
              .because("Reports by week")
              .commit()
              .get(0);
      System.out.println("by " + grant.authorizedBy() + ", carried out by " + grant.executedBy());
      // end::authorize[]
      try {
        central.grant("commerce/orders").to(ANALYST).because("All of it").commit();
      } catch (AccessDeniedException notAuthorized) {
        System.out.println("more columns: refused");
      }
      System.out.println(
          "finance/analyst reads "
              + finance.access().explain(ANALYST, "commerce/orders").columns());
      commerce
          .access()
          .withdrawAuthorization(authorization.id())
          .cascade()
          .because("Moved")
          .commit();
      System.out.println(
          "withdrawn, and reads " + finance.access().explain(ANALYST, "commerce/orders").columns());
    }
  }
}
