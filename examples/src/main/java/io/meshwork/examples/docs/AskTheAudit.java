package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.governance.AccessReview;
import io.meshwork.governance.Audit;
import io.meshwork.governance.Audit.Checkpoint;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.security.KeyPair;
import java.time.Duration;
import org.apache.avro.generic.GenericRecord;

/** Grants, reads, and denials in the audit, and the proof that the log was not changed. */
public final class AskTheAudit {
  private AskTheAudit() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.builder(Folder.of(arguments).resolve("mesh")).open()) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      Principal closing = Principal.of("finance", "closing");
      MeshClient finance = mesh.clientAs(closing);
      finance.registerDomain("finance").owner("finance@example.org").commit();
      deniedAndRead(commerce, finance);
      // tag::ask[]
      Audit audit = commerce.governance().audit().subject("commerce/orders").kinds("grant", "read");
      for (Audit.Entry entry : audit.list()) {
        System.out.println(entry.who() + " " + entry.action() + " " + entry.outcome());
      }
      // end::ask[]
      // tag::prove[]
      KeyPair keys = Checkpoint.newKeys();
      String json = commerce.governance().audit().checkpoint(keys.getPrivate()).toJson();

      Checkpoint checkpoint = commerce.governance().audit().readCheckpoint(json);
      System.out.println(commerce.governance().audit().verify(checkpoint, keys.getPublic()));
      // end::prove[]
      // tag::review[]
      AccessReview review = commerce.governance().accessReview("commerce");
      System.out.println(review.unusedFor(Duration.ofDays(90)).size() + " unused");
      review
          .broaderThanUsed()
          .forEach(entry -> System.out.println(entry.grant().to() + ": " + entry.unusedColumns()));
      // end::review[]
    }
  }

  private static void deniedAndRead(MeshClient commerce, MeshClient finance) {
    try (Rows<GenericRecord> rows = finance.read("commerce/orders").rows()) {
      throw new IllegalStateException("read without a grant: " + rows.columns());
    } catch (AccessDeniedException denied) {
      commerce.grant("commerce/orders").to(finance.principal()).because("They close").commit();
    }
    try (Rows<GenericRecord> rows = finance.read("commerce/orders").columns("orderId").rows()) {
      rows.forEach(row -> row.get("orderId"));
    }
  }
}
