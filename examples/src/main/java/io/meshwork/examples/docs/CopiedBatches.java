package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/** A selection of a product, published to another one as columns. */
public final class CopiedBatches {
  private CopiedBatches() {}

  record Sale(long id, String city, int items, String note) {}

  record Oslo(long id, String city, long items) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce.defineProduct("commerce/sales").contract(Contract.of(Sale.class)).commit();
      commerce.defineProduct("commerce/oslo").contract(Contract.of(Oslo.class)).commit();
      commerce
          .publish("commerce/sales")
          .records(
              List.of(
                  new Sale(1, "Oslo", 2, ""),
                  new Sale(2, "Rome", 5, ""),
                  new Sale(3, "Oslo", 7, "")))
          .commit();
      // tag::batches[]
      try (Rows<GenericRecord> rows =
          commerce
              .read("commerce/sales")
              .columns("id", "city", "items")
              .where("city = 'Oslo'")
              .rows()) {
        commerce
            .publish("commerce/oslo")
            .batches(rows.batches())
            .derivedFrom(rows.snapshot().orElseThrow())
            .commit();
      }
      // end::batches[]
      try (Rows<Oslo> rows = commerce.read("commerce/oslo").as(Oslo.class).rows()) {
        rows.forEach(System.out::println);
      }
    }
  }
}
