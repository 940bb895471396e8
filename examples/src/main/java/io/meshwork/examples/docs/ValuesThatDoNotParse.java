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
import io.meshwork.publish.PublishReceipt;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;

/** A text file with values that are not valid dates or numbers. */
public final class ValuesThatDoNotParse {
  private static final List<String> LINES =
      List.of("s-1;2026-11-16;9.50", "s-2;16.11.2026;3.00", "s-3;2026-11-16;n/a");

  private ValuesThatDoNotParse() {}

  record Sale(String saleId, LocalDate day, @Column(precision = 12, scale = 2) BigDecimal price) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient sales = mesh.actingAs(Principal.of("sales", "etl"));
      sales.registerDomain("sales").ownedBy("sales-data@example.org").commit();
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
      // tag::publish[]
      List<Map<String, Object>> rows = new ArrayList<>();
      for (String line : LINES) {
        rows.add(parse(line));
      }
      PublishReceipt receipt =
          sales
              .publish("sales/sales")
              .records(rows)
              .idempotencyKey("sales-2026-11-16.csv")
              .commit();
      System.out.println(receipt.rowsAccepted() + " accepted");
      System.out.println(receipt.failingRowsByRule());
      // end::publish[]

      // tag::look[]
      String publish = receipt.publishId();
      try (Rows<GenericRecord> bad =
          sales.quarantine("sales/sales").where("publish = '" + publish + "'").read()) {
        for (GenericRecord row : bad) {
          System.out.println(row.get("rules") + " " + row.get("row"));
        }
      }
      // end::look[]

      // tag::repair[]
      List<Sale> repaired =
          List.of(
              new Sale("s-2", LocalDate.parse("2026-11-16"), new BigDecimal("3.00")),
              new Sale("s-3", LocalDate.parse("2026-11-16"), new BigDecimal("0.00")));
      sales
          .publish("sales/sales")
          .records(repaired)
          .idempotencyKey("sales-2026-11-16.csv, repaired")
          .commit();
      PublishReceipt cleared =
          sales
              .publish("sales/sales")
              .erasingQuarantineWhere("publish = '" + publish + "'", "repaired by hand")
              .commit();
      System.out.println(cleared.rowsRemoved() + " rows left the quarantine");
      // end::repair[]
    }
  }

  // tag::parse[]
  static Map<String, Object> parse(String line) {
    String[] fields = line.split(";", -1);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("saleId", fields[0]);
    row.put("day", dateOrText(fields[1]));
    row.put("price", decimalOrText(fields[2]));
    return row;
  }

  static Object dateOrText(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      return text;
    }
  }

  static Object decimalOrText(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }
  // end::parse[]
}
