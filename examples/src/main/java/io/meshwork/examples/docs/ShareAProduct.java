package io.meshwork.examples.docs;

import static io.meshwork.access.TagSelection.where;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.util.List;

/** One domain shares a product with another, by name and by tags, and revokes the grants. */
public final class ShareAProduct {
  private static final Principal CLOSING = Principal.of("finance", "closing");
  private static final Principal ANALYST = Principal.of("finance", "analyst");

  private ShareAProduct() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.builder(Folder.of(arguments).resolve("mesh")).open()) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      MeshClient finance = mesh.clientAs(CLOSING);
      finance.registerDomain("finance").owner("finance@example.org").commit();
      byName(commerce);
      byTags(commerce, finance);
      planSeveral(commerce);
      handOn(commerce, finance);
      // tag::readers[]
      commerce.access().whoCanRead("commerce/orders").forEach(who -> System.out.println(who.who()));
      // end::readers[]
      // tag::revoke[]
      List<String> ids = commerce.access().grants().stream().map(GrantSummary::id).toList();
      commerce.revoke(ids.toArray(String[]::new)).because("The year is closed").commit();
      System.out.println(finance.access().explain(CLOSING, "commerce/orders").missing());
      // end::revoke[]
    }
  }

  private static void byName(MeshClient commerce) {
    // tag::grant[]
    AccessPlan<List<GrantSummary>> plan =
        commerce
            .grant("commerce/orders")
            .columns("orderId", "amount")
            .to(Principal.of("finance", "audit"))
            .because("Audit of the year")
            .plan();
    plan.gains().forEach(gain -> System.out.println("gains: " + gain));
    plan.commit();
    // end::grant[]
  }

  private static void byTags(MeshClient commerce, MeshClient finance) {
    // tag::tags[]
    commerce.governance().defineTag("sensitivity", "public", "internal", "secret").commit();
    commerce.access().tag("commerce/orders").set("sensitivity", "internal").commit();
    commerce
        .grantByTags(where("domain", "commerce").and("sensitivity", "public", "internal"))
        .to(CLOSING)
        .because("Finance closes the books from orders")
        .commit();
    System.out.println(finance.access().explain(CLOSING, "commerce/orders").isAllowed());
    // end::tags[]
  }

  private static void planSeveral(MeshClient commerce) {
    // tag::plan-several[]
    AccessClient access = commerce.access();
    AccessPlan<AccessPlan.Results> plan =
        access.plan(
            access.tagColumns("commerce/orders", "amount").set("sensitivity", "secret"),
            commerce.grant("commerce/orders").columns("amount").to(ANALYST).because("Totals"));
    plan.losses().forEach(loss -> System.out.println("loses: " + loss));
    System.out.println(plan.explain(ANALYST, "commerce/orders").columns());
    // end::plan-several[]
  }

  private static void handOn(MeshClient commerce, MeshClient finance) {
    // tag::handon[]
    commerce
        .grant("commerce/orders")
        .toAccounts("finance")
        .withGrantOption()
        .because("Finance knows who needs them")
        .commit();
    finance.grant("commerce/orders").to(ANALYST).because("Reports by week").commit();
    // end::handon[]
  }
}
