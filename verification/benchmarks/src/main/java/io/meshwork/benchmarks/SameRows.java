package io.meshwork.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Compares the rows of files with DuckDB, by their number and their hashes. */
final class SameRows {
  /** All columns of a row. */
  static final String ALL_COLUMNS = "one";

  private SameRows() {}

  /**
   * Throws if files do not hold the same rows, in any order.
   *
   * @param values what is compared of a row: expressions of DuckDB on its columns
   */
  static void require(List<Path> left, List<Path> right, String values) throws SQLException {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:")) {
      String digest = digest(duckDb, left, values);
      String otherDigest = digest(duckDb, right, values);
      if (!digest.equals(otherDigest)) {
        throw new IllegalStateException(
            "the rows of " + left + " and " + right + " differ: " + digest + " and " + otherDigest);
      }
    }
  }

  private static String digest(Connection duckDb, List<Path> files, String values)
      throws SQLException {
    List<String> quoted = files.stream().map(file -> "'" + file + "'").toList();
    try (Statement statement = duckDb.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT count(*) || ' ' || sum(hash("
                    + values
                    + ")::HUGEINT) FROM read_parquet("
                    + quoted
                    + ") one")) {
      result.next();
      return result.getString(1);
    }
  }
}
