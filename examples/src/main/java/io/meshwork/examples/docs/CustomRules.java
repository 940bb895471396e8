package io.meshwork.examples.docs;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.custom;
import static io.meshwork.contract.Rule.notMissingTrimmed;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.util.HashSet;
import java.util.List;

/** Rules on nested values, on some rows, and with custom code. */
public final class CustomRules {
  private CustomRules() {}

  record Buyer(String name, String city) {}

  record Line(String article, int quantity) {}

  record Basket(long id, String state, Buyer buyer, List<Line> lines) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    List<Basket> baskets =
        List.of(
            new Basket(1, "PAID", new Buyer("Ada", "Bonn"), List.of(new Line("pen", 2))),
            new Basket(2, "OPEN", new Buyer("Bo", "Oslo"), List.of(new Line("ink", 0))));
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("shop@example.org").commit();
      // tag::custom[]
      Contract contract =
          Contract.of(Basket.class)
              .require(
                  atLeast("lines[].quantity", 1).where("state = 'PAID'"),
                  notMissingTrimmed("buyer.city", "", "unknown"),
                  custom("no-line-twice", 1));
      commerce.defineProduct("commerce/baskets").contract(contract).commit();

      PublishReceipt receipt =
          commerce
              .publish("commerce/baskets")
              .records(baskets)
              .customRule("no-line-twice", 1, basket -> noneTwice((List<?>) basket.get("lines")))
              .commit();
      // end::custom[]
      for (RuleResult rule : receipt.quality().rules()) {
        System.out.println(rule.ruleId() + " " + rule.outcome());
      }
    }
  }

  private static boolean noneTwice(List<?> lines) {
    return new HashSet<>(lines).size() == lines.size();
  }
}
