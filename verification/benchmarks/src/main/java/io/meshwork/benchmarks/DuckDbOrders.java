package io.meshwork.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** DuckDB with one thread, which holds the orders in memory, and compares files of them. */
final class DuckDbOrders implements AutoCloseable {
  private static final String COLUMNS =
      "orderId, customerId, status, amount, currency, createdAt, country, note";

  private final Connection connection;
  private final Statement statement;

  /** Opens a database and loads the orders of a file. */
  DuckDbOrders(Path orders) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    statement = connection.createStatement();
    statement.execute("SET threads = 1");
    statement.execute("CREATE TABLE orders AS SELECT * FROM read_parquet('" + orders + "')");
  }

  /** Writes the orders. */
  void write(Path file) throws SQLException {
    statement.execute("COPY orders TO '" + file + "' (FORMAT parquet, CODEC 'zstd')");
  }

  /** Throws if a file does not hold the orders. */
  void requireSame(Path file) throws SQLException {
    requireSame(List.of(file));
  }

  /** Throws if files together do not hold the orders. */
  void requireSame(List<Path> files) throws SQLException {
    List<String> quoted = files.stream().map(file -> "'" + file + "'").toList();
    String theirs = "SELECT " + COLUMNS + " FROM orders";
    String ours = "SELECT " + COLUMNS + " FROM read_parquet(" + quoted + ")";
    try (ResultSet different =
        statement.executeQuery(
            "SELECT count(*) FROM (("
                + theirs
                + " EXCEPT ALL "
                + ours
                + ") UNION ALL ("
                + ours
                + " EXCEPT ALL "
                + theirs
                + "))")) {
      different.next();
      if (different.getLong(1) > 0) {
        throw new IllegalStateException(
            files + " and the orders differ in " + different.getLong(1) + " rows");
      }
    }
  }

  @Override
  public void close() throws SQLException {
    statement.close();
    connection.close();
  }
}
