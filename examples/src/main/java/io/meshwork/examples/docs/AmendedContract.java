package io.meshwork.examples.docs;

import static io.meshwork.contract.Rule.atLeast;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.change.ContractPlan;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A contract that changes: its plan and its commit. */
public final class AmendedContract {
  private AmendedContract() {}

  /** The first version. */
  static final class First {
    private First() {}

    record Order(long id, String customer, int quantity) {}
  }

  /** With an additional column. */
  static final class Second {
    private Second() {}

    record Order(long id, String customer, int quantity, Optional<String> channel) {}
  }

  /** Without the customer. */
  static final class Third {
    private Third() {}

    record Order(long id, int quantity, Optional<String> channel) {}
  }

  /** The columns that one consumer reads. */
  record Quantity(long id, int quantity) {}

  /** The columns that another consumer reads. */
  record Customer(String customer) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    Path folder = Folder.of(arguments);
    InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-20T08:00:00Z"));
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh")).clock(clock).open()) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      MeshClient finance = mesh.clientAs(Principal.of("finance", "analyst"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      finance.registerDomain("finance").owner("finance@example.org").commit();
      commerce
          .defineProduct("commerce/orders")
          .contract(Contract.of(First.Order.class))
          .openToMesh()
          .commit();
      commerce.publish("commerce/orders").records(List.of(new First.Order(1, "Ada", 3))).commit();
      read(finance, "stock", Quantity.class);
      read(finance, "loyalty", Customer.class);
      // tag::amend[]
      ContractPlan plan =
          commerce
              .amendContract("commerce/orders")
              .contract(Contract.of(Second.Order.class).require(atLeast("quantity", 1)))
              .because("Shops and the web are distinguished")
              .plan();
      System.out.println(plan);
      plan.commit();
      // end::amend[]
      // tag::refused[]
      ContractPlan refused =
          commerce
              .amendContract("commerce/orders")
              .contract(Contract.of(Third.Order.class).require(atLeast("quantity", 1)))
              .plan();
      System.out.println(refused);
      System.out.println(refused.isAllowed());
      // end::refused[]
    }
  }

  private static <R> void read(MeshClient finance, String name, Class<R> type) {
    try (Rows<R> rows =
        finance
            .subscribe("commerce/orders")
            .name(name)
            .purpose("An example")
            .as(type)
            .commit()
            .rows()) {
      rows.forEach(row -> {});
    }
  }
}
