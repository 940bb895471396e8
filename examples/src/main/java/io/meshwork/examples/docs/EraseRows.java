package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Erase.Proof;

/** Erasing a row from all files, with a proof. */
public final class EraseRows {
  private EraseRows() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      // tag::erase-now[]
      Erase.WithProof erasure =
          commerce
              .erase("commerce/orders")
              .where("orderId = 'o-1'")
              .because("request 4711")
              .idempotencyKey("4711")
              .withProof();

      System.out.println(erasure.plan());
      Proof proof = erasure.commit();
      System.out.println(proof.rowsErased() + " row erased");
      System.out.println(proof.rowsRead() + " row read afterwards");
      proof.outOfReach().forEach(System.out::println);
      // end::erase-now[]
    }
  }
}
