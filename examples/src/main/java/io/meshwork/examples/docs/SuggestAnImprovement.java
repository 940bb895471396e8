package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.request.Suggestion;
import java.util.Optional;

/** An analyst suggests a column, and the owner adds it. */
public final class SuggestAnImprovement {
  private SuggestAnImprovement() {}

  /** The orders at first. */
  static final class First {
    private First() {}

    record Order(String orderId, double amount) {}
  }

  record Order(String orderId, double amount, Optional<String> currency) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce.defineProduct("commerce/orders").contract(Contract.of(First.Order.class)).commit();
      MeshClient analyst = mesh.clientAs(Principal.of("finance", "analyst"));
      analyst.registerDomain("finance").owner("finance@example.org").commit();
      // tag::suggest[]
      Suggestion wish =
          analyst
              .suggestions()
              .suggest("commerce/orders")
              .kind(Suggestion.Kind.NEW_COLUMN)
              .columns("currency")
              .text("We report in several currencies")
              .commit();
      System.out.println(wish.state());
      // end::suggest[]
      // tag::answer[]
      commerce.suggestions().accept(wish.id()).because("In the next version").commit();

      commerce.amendContract("commerce/orders", Contract.of(Order.class)).commit();
      ContractVersion next = commerce.describe("commerce/orders").versions().get(0).version();
      commerce.suggestions().accept(wish.id()).version(next).commit();

      Suggestion answered = analyst.suggestions().sent().get(0);
      System.out.println(answered.state() + " in " + answered.deliveredIn().orElseThrow());
      // end::answer[]
    }
  }
}
