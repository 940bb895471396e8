package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;

/** The rows of a query, published as they stream from the database. */
public final class PublishedQuery {
  private PublishedQuery() {}

  record Sale(long id, String city, LocalDate day) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) throws SQLException {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments));
        Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce.defineProduct("commerce/sales").contract(Contract.of(Sale.class)).commit();
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE sale (sale_id INTEGER, city TEXT, day DATE)");
        statement.execute(
            "INSERT INTO sale VALUES (1, 'Oslo', '2026-11-20'), (2, 'Rome', '2026-11-21')");
      }
      // tag::query[]
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(10_000);
        try (ResultSet rows = statement.executeQuery("SELECT sale_id AS id, city, day FROM sale")) {
          commerce
              .publish("commerce/sales")
              .resultSet(rows)
              .idempotencyKey("sales-2026-11-21")
              .commit();
        }
      }
      // end::query[]
      try (Rows<Sale> rows = commerce.read("commerce/sales").as(Sale.class).rows()) {
        rows.forEach(System.out::println);
      }
    }
  }
}
