package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.NotFoundException;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.rollout.EndProduct.EndPlan;
import io.meshwork.rollout.ProductEnd;

/** Ends a product, and moves another one to another team. */
public final class EndAProduct {
  private EndAProduct() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.builder(Folder.of(arguments)).open()) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      commerce.defineProduct("commerce/letters").contract(Contract.of(Order.class)).commit();
      end(commerce);
      readAfterwards(commerce);
      defineSuccessor(mesh);
      move(commerce);
    }
  }

  private static void end(MeshClient commerce) {
    // tag::end[]
    EndPlan plan =
        commerce.endProduct("commerce/letters").because("No one orders by letter").plan();
    System.out.println(plan.consumers().size() + " consumers, allowed: " + plan.isAllowed());
    ProductEnd end = plan.commit().announce().commit();
    System.out.println(end.state() + ", successor: " + end.successor().isPresent());
    ProductEnd ended = end.close().commit().retire().commit();
    System.out.println(ended.state());
    // end::end[]
  }

  private static void readAfterwards(MeshClient commerce) {
    // tag::ended[]
    try {
      commerce.subscribe("commerce/letters").name("late").purpose("Archive").commit();
    } catch (NotFoundException e) {
      System.out.println(e.errorCode());
    }
    commerce
        .describe("commerce/letters")
        .end()
        .ifPresent(end -> System.out.println(end.because() + ", over: " + end.ended()));
    // end::ended[]
  }

  private static void defineSuccessor(Mesh mesh) {
    MeshClient sales = mesh.clientAs(Principal.of("sales", "etl"));
    sales.registerDomain("sales").owner("sales@example.org").commit();
    sales.defineProduct("sales/orders").contract(Contract.of(Order.class)).commit();
  }

  private static void move(MeshClient commerce) {
    // tag::move[]
    ProductEnd move =
        commerce
            .endProduct("commerce/orders")
            .successor("sales/orders", 1)
            .because("Sales owns orders from now on")
            .commit();
    System.out.println("then " + move.announce().commit().successor().orElseThrow());
    // end::move[]
  }
}
