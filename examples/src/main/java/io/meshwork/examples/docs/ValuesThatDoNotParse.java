package io.meshwork.examples.docs;

import static io.meshwork.contract.Rule.atLeast;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish.FileFormat;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/** A text file with values that are not valid dates or numbers. */
public final class ValuesThatDoNotParse {
  private ValuesThatDoNotParse() {}

  record Sale(String saleId, LocalDate day, @Column(precision = 12, scale = 2) BigDecimal price) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Folder.of(arguments);
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient sales = mesh.clientAs(Principal.of("sales", "etl"));
      sales.registerDomain("sales").owner("sales-data@example.org").commit();
      // tag::define[]
      sales
          .defineProduct("sales/sales")
          .contract(
              Contract.of(Sale.class)
                  .primaryKey("saleId")
                  .require(atLeast("price", BigDecimal.ZERO))
                  .onViolation(OnViolation.QUARANTINE)
                  .maxQuarantineShare(80))
          .commit();
      // end::define[]
      // tag::file[]
      Path file =
          Files.writeString(
              folder.resolve("sales-2026-11-16.csv"),
              """
              saleId;day;price
              s-1;2026-11-16;9.50
              s-2;16.11.2026;3.00
              s-3;2026-11-16;n/a
              s-4;2026-11-16;1;50
              """);
      // end::file[]
      // tag::publish[]
      PublishReceipt receipt =
          sales
              .publish("sales/sales")
              .files(FileFormat.csv().separator(';'), file)
              .idempotencyKey("sales-2026-11-16.csv")
              .commit();
      System.out.println(receipt.rowsAccepted() + " accepted");
      System.out.println(receipt.failingRowsByRule());
      // end::publish[]

      // tag::look[]
      String publish = receipt.publishId();
      try (Rows<GenericRecord> bad =
          sales.quarantine("sales/sales").where("publish = '" + publish + "'").rows()) {
        for (GenericRecord row : bad) {
          System.out.println(row.get("reason") + " " + row.get("row"));
        }
      }
      // end::look[]

      // tag::repair[]
      DateTimeFormatter german = DateTimeFormatter.ofPattern("dd.MM.uuuu");
      PublishReceipt repaired =
          sales
              .publish("sales/sales")
              .republish(
                  "publish = '" + publish + "'",
                  row -> {
                    if (row.get("day") instanceof String day) {
                      row.put("day", LocalDate.parse(day, german));
                    }
                    if (row.get("price") instanceof String) {
                      row.put("price", BigDecimal.ZERO);
                    }
                    return row;
                  })
              .commit();
      System.out.println(repaired.rowsAccepted() + " rows were repaired");
      // end::repair[]

      // tag::manual[]
      sales
          .publish("sales/sales")
          .records(List.of(new Sale("s-4", LocalDate.parse("2026-11-16"), new BigDecimal("1.50"))))
          .idempotencyKey("sales-2026-11-16.csv, line 5")
          .commit();
      PublishReceipt cleared =
          sales
              .erase("sales/sales")
              .quarantineWhere("publish = '" + publish + "'")
              .because("repaired by hand")
              .commit();
      System.out.println(cleared.rowsRemoved() + " bad line left the quarantine");
      // end::manual[]
    }
  }
}
