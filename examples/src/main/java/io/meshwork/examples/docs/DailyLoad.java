package io.meshwork.examples.docs;

import static io.meshwork.contract.Partition.day;
import static io.meshwork.contract.Rule.atLeast;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** A job that loads a day, late rows of that day, and a corrected day. */
public final class DailyLoad {
  private static final LocalDate MONDAY = LocalDate.parse("2026-11-16");
  private static final LocalDate TUESDAY = MONDAY.plusDays(1);

  private DailyLoad() {}

  // tag::sale[]
  record Sale(String saleId, LocalDate day, @Column(precision = 12, scale = 2) BigDecimal price) {}

  // end::sale[]

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient sales = mesh.clientAs(Principal.of("sales", "etl"));
      sales.registerDomain("sales").owner("sales-data@example.org").commit();
      // tag::define[]
      sales
          .defineProduct("sales/sales")
          .contract(
              Contract.of(Sale.class)
                  .primaryKey("saleId")
                  .require(atLeast("price", BigDecimal.ZERO)))
          .partitionBy(day("day"))
          .commit();
      // end::define[]
      Subscription<Sale> copy =
          sales
              .subscribe("sales/sales")
              .name("copy")
              .purpose("A copy in a database")
              .as(Sale.class)
              .fromStart()
              .commit();

      // tag::week[]
      print("load", loadDay(sales, MONDAY, List.of(sale("s-1", MONDAY, "9.50"))));
      print("load", loadDay(sales, TUESDAY, List.of(sale("s-2", TUESDAY, "3.00"))));
      print("again", loadDay(sales, TUESDAY, List.of(sale("s-2", TUESDAY, "3.00"))));
      printNext(copy);

      List<Sale> lateRows = List.of(sale("s-3", MONDAY, "4.00"));
      print("late", addLateRows(sales, "pos-7-2026-11-17.csv", lateRows));
      printNext(copy);

      List<Sale> corrected = List.of(sale("s-1", MONDAY, "8.50"), sale("s-3", MONDAY, "4.00"));
      print("correct", replaceDay(sales, MONDAY, "2", corrected));
      printNext(copy);
      print("empty", loadDay(sales, TUESDAY.plusDays(1), List.of()));
      System.out.println("complete up to " + copy.freshness().completeUpTo().orElseThrow());
      // end::week[]
    }
  }

  private static Sale sale(String id, LocalDate day, String price) {
    return new Sale(id, day, new BigDecimal(price));
  }

  // tag::load[]
  static PublishReceipt loadDay(MeshClient sales, LocalDate day, List<Sale> rows) {
    return sales
        .publish("sales/sales")
        .records(rows)
        .idempotencyKey("sales " + day)
        .completeUpTo(day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC))
        .commit();
  }

  // end::load[]

  // tag::late[]
  static PublishReceipt addLateRows(MeshClient sales, String file, List<Sale> rows) {
    return sales.publish("sales/sales").records(rows).idempotencyKey("late " + file).commit();
  }

  // end::late[]

  // tag::correct[]
  static PublishReceipt replaceDay(
      MeshClient sales, LocalDate day, String extract, List<Sale> rows) {
    return sales
        .publish("sales/sales")
        .records(rows)
        .replaceWhere("day = DATE '" + day + "'")
        .idempotencyKey("sales " + day + ", extract " + extract)
        .commit();
  }

  // end::correct[]

  // tag::print[]
  static void print(String step, PublishReceipt receipt) {
    String counts = receipt.rowsRemoved() + " out, " + receipt.rowsAccepted() + " in";
    System.out.println(step + ": " + counts + (receipt.replayed() ? " (replayed)" : ""));
  }

  // end::print[]

  // tag::follow[]
  static void printNext(Subscription<Sale> copy) {
    try (Batch<Sale> batch = copy.poll()) {
      StringBuilder line = new StringBuilder("  consumer: " + batch.kind());
      batch.predicate().ifPresent(filter -> line.append(" where ").append(filter));
      batch.forEach(
          sale -> line.append(' ').append(sale.saleId()).append('=').append(sale.price()));
      System.out.println(line);
      batch.ack();
    }
  }
  // end::follow[]
}
