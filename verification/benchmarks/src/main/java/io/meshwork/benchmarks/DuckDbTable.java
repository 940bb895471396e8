package io.meshwork.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/** DuckDB with one thread, which holds a table in memory, and compares files with it. */
final class DuckDbTable implements AutoCloseable {
  private final Connection connection;
  private final Statement statement;

  /** Opens a database and loads the rows of a file. */
  DuckDbTable(Path file) throws SQLException {
    this(List.of(file));
  }

  /** Opens a database and loads the rows of files. */
  DuckDbTable(List<Path> files) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    statement = connection.createStatement();
    statement.execute("SET threads = 1");
    statement.execute("CREATE TABLE loaded AS SELECT * FROM " + parquet(files));
  }

  /** Writes the rows. */
  void write(Path file) throws SQLException {
    statement.execute("COPY loaded TO '" + file + "' (FORMAT parquet, CODEC 'zstd')");
  }

  /** Throws if a file does not hold the rows. */
  void requireSame(Path file) throws SQLException {
    requireSame(List.of(file));
  }

  /** Throws if files together do not hold the rows, in any order. */
  void requireSame(List<Path> files) throws SQLException {
    String columns = columns("loaded");
    if (!sorted(columns).equals(sorted(columns(parquet(files))))) {
      throw new IllegalStateException(files + " and the table differ in their columns");
    }
    String theirs = "SELECT " + columns + " FROM loaded";
    String ours = "SELECT " + columns + " FROM " + parquet(files);
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
            files + " and the table differ in " + different.getLong(1) + " rows");
      }
    }
  }

  private static List<String> sorted(String columns) {
    return Arrays.stream(columns.split(", ")).sorted().toList();
  }

  private String columns(String relation) throws SQLException {
    try (ResultSet none = statement.executeQuery("SELECT * FROM " + relation + " LIMIT 0")) {
      StringJoiner names = new StringJoiner(", ");
      for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
        names.add('"' + none.getMetaData().getColumnName(i) + '"');
      }
      return names.toString();
    }
  }

  private static String parquet(List<Path> files) {
    return "read_parquet(" + files.stream().map(file -> "'" + file + "'").toList() + ")";
  }

  @Override
  public void close() throws SQLException {
    statement.close();
    connection.close();
  }
}
