package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessPlan;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import java.time.Duration;
import java.time.Instant;

/** An analyst requests access, answers a question, and is granted part of the request. */
public final class AskForAccess {
  private AskForAccess() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.builder(Folder.of(arguments).resolve("mesh")).open()) {
      Orders.define(mesh, OnViolation.REJECT);
      MeshClient lead = mesh.clientAs(Principal.of("commerce", "lead"));
      MeshClient analyst = mesh.clientAs(Principal.of("finance", "analyst"));
      analyst.registerDomain("finance").owner("finance@example.org").commit();
      // tag::roles[]
      mesh.clientAs(Principal.of("commerce", "etl"))
          .registerDomain("commerce")
          .administrators(Principal.of("commerce", "etl"), Principal.of("commerce", "lead"))
          .deciders(Principal.of("commerce", "lead"))
          .commit();
      // end::roles[]
      ask(analyst);
      decide(lead, analyst);
    }
  }

  private static void ask(MeshClient analyst) {
    Instant inThreeMonths = Instant.now().plus(Duration.ofDays(90));
    // tag::ask[]
    AccessRequest request =
        analyst
            .requests()
            .requestAccess("commerce/orders")
            .columns("orderId", "createdAt", "amount")
            .purpose("Revenue by week, for the board")
            .method(AccessRequest.Method.ROLE)
            .until(inThreeMonths)
            .commit();
    System.out.println(request.state() + ", risk " + request.risk());
    // end::ask[]
  }

  private static void decide(MeshClient lead, MeshClient analyst) {
    // tag::decide[]
    AccessRequest waiting = lead.requests().received().get(0);
    lead.requests()
        .requestClarification(waiting.id(), "Do you need to tell orders apart?")
        .commit();
    analyst.requests().respond(waiting.id(), "No, days and amounts suffice").commit();

    AccessPlan<AccessRequest> plan =
        lead.requests()
            .approve(waiting)
            .columns("createdAt", "amount")
            .because("Weeks do not need single orders")
            .plan();
    plan.gains().forEach(System.out::println);
    plan.commit();

    AccessRequest settled = analyst.requests().sent().get(0);
    System.out.println(settled.state() + ": " + settled.granted().orElseThrow().columns());
    // end::decide[]
  }
}
