package io.meshwork.examples.docs;

import static io.meshwork.contract.Rule.completeness;
import static io.meshwork.contract.Rule.fresh;
import static io.meshwork.contract.Rule.mean;
import static io.meshwork.contract.Rule.references;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.steady;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.contract.Rule.Scope;
import io.meshwork.error.ContractViolationException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Rules on a whole publish, on the table, and on another product, and their history. */
public final class SteadyOrders {
  private SteadyOrders() {}

  record Customer(String id) {}

  record Order(String customer, Instant at, double amount) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce.defineProduct("commerce/customers").contract(Contract.of(Customer.class)).commit();
      commerce
          .publish("commerce/customers")
          .records(List.of(new Customer("c-1"), new Customer("c-2")))
          .commit();
      // tag::rules[]
      Contract contract =
          Contract.of(Order.class)
              .require(
                  rowCount(1, 1_000_000),
                  mean("amount", 1, 100).where("amount > 0"),
                  completeness("amount", 99).scope(Scope.TABLE),
                  fresh("at", Duration.ofHours(1)),
                  references("customer", "commerce/customers", "id"),
                  steady("rowCount"));
      // end::rules[]
      commerce.defineProduct("commerce/orders").contract(contract).commit();
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      // tag::history[]
      commerce.publish("commerce/orders").records(List.of(new Order("c-1", now, 17.50))).commit();
      try {
        commerce
            .publish("commerce/orders")
            .records(List.of(new Order("c-9", now, 240.00)))
            .commit();
      } catch (ContractViolationException e) {
        e.findings().forEach(finding -> System.out.println(finding.where()));
      }
      for (QualityEntry publish : commerce.publishHistory("commerce/orders").quality()) {
        System.out.println(publish.qualityScore().orElseThrow() + " " + publish.rulesPassed());
        System.out.println("mean " + publish.measures().get("mean(amount) where 'amount > 0'"));
      }
      System.out.println(commerce.governance().domainQuality("commerce").score().orElseThrow());
      // end::history[]
    }
  }
}
