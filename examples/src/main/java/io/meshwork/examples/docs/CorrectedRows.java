package io.meshwork.examples.docs;

import static java.util.Objects.requireNonNull;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.publish.PublishHistory.RuleFailures;
import io.meshwork.publish.PublishReceipt;

/** Quarantined rows that are corrected and published again. */
public final class CorrectedRows {
  private CorrectedRows() {}

  /** Runs in the folder of the argument, or in a temporary one. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.QUARANTINE);
      commerce.publish("commerce/orders").records(Orders.WITH_A_BAD_ROW).commit();
      // tag::republish[]
      PublishReceipt receipt =
          commerce
              .publish("commerce/orders")
              .republish(
                  "rules LIKE '%between.amount%'",
                  row -> {
                    row.put("amount", Math.abs((double) requireNonNull(row.get("amount"))));
                    return row;
                  })
              .commit();
      System.out.println(receipt.rowsAccepted() + " rows were corrected");
      for (RuleFailures failures : commerce.publishHistory("commerce/orders").failures()) {
        System.out.println(failures.rule() + " failed in " + failures.failingRows() + " rows");
      }
      // end::republish[]
    }
  }
}
