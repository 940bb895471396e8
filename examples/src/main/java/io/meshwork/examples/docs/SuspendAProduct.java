package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ConflictException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.rollout.StewardRequest;

/** Suspends reads of a product in an emergency, which a steward of another domain approves. */
public final class SuspendAProduct {
  private SuspendAProduct() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.builder(Folder.of(arguments)).open()) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      MeshClient finance = mesh.clientAs(Principal.of("finance", "etl"));
      finance.registerDomain("finance").owner("finance@example.org").commit();
      MeshClient steward = mesh.clientAs(Principal.of("platform", "steward"));
      steward.registerDomain("platform").owner("platform@example.org").commit();
      commerce.grant("commerce/orders").to(finance.principal()).because("Revenue").commit();
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      // tag::appoint[]
      commerce.governance().appoint(Principal.of("platform", "steward")).commit();
      System.out.println("stewards " + finance.governance().stewards());
      // end::appoint[]
      suspend(commerce, finance);
      approve(steward);
      // tag::resume[]
      System.out.println(
          "resumed versions " + commerce.governance().resumeReads("commerce/orders").commit());
      // end::resume[]
    }
  }

  private static void suspend(MeshClient commerce, MeshClient finance) {
    // tag::suspend[]
    StewardRequest suspension =
        commerce
            .governance()
            .suspendReads("commerce/orders")
            .because("Amounts lack taxes")
            .commit();
    System.out.println("suspended versions " + suspension.majors());
    try {
      finance.read("commerce/orders").rows().close();
    } catch (ConflictException suspended) {
      System.out.println(suspended.errorCode());
    }
    // end::suspend[]
  }

  private static void approve(MeshClient steward) {
    // tag::approve[]
    for (StewardRequest request : steward.governance().pending("commerce/orders")) {
      System.out.println(
          request.kind() + " by " + request.requestedBy() + ": " + request.because());
      StewardRequest approved = steward.governance().approve(request).commit();
      System.out.println("approved by " + approved.approvedBy().orElseThrow());
    }
    // end::approve[]
  }
}
