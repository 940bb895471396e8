package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The database that the servers of a document name, and what its types mean where databases differ.
 */
enum SqlDialect {
  /** Spark in Databricks. */
  SPARK(32, 32, 32, Zone.INSTANT, 10, 0),
  /** Hive, and what reads its tables. */
  HIVE(32, 32, 32, Zone.LOCAL, 10, 0),
  TRINO(32, 32, 32, Zone.LOCAL, 38, 0),
  BIGQUERY(64, 64, 64, Zone.INSTANT, 38, 9),
  CLICKHOUSE(32, 32, 32, Zone.INSTANT, 10, 0),
  DUCKDB(32, 32, 32, Zone.LOCAL, 18, 3),
  MYSQL(32, 32, 64, Zone.INSTANT, 10, 0),
  ORACLE(128, 128, 64, Zone.LOCAL, 0, 0),
  POSTGRESQL(32, 64, 32, Zone.LOCAL, 0, 0),
  REDSHIFT(32, 64, 32, Zone.LOCAL, 18, 0),
  SNOWFLAKE(128, 64, 64, Zone.UNKNOWN, 38, 0),
  SQLSERVER(32, 64, 32, Zone.UNKNOWN, 18, 0),
  VERTICA(64, 64, 64, Zone.LOCAL, 37, 15),
  DB2(32, 64, 32, Zone.LOCAL, 5, 0),
  EXASOL(64, 64, 64, Zone.LOCAL, 18, 0),
  HANA(32, 64, 32, Zone.LOCAL, 0, 0),
  ICEBERG(32, 32, 32, Zone.LOCAL, 0, 0),
  INFORMIX(32, 64, 32, Zone.LOCAL, 0, 0),
  INGRES(32, 64, 32, Zone.LOCAL, 5, 0),
  TERADATA(32, 64, 64, Zone.LOCAL, 5, 0),
  /** No server names a database, or servers name several that differ. */
  UNKNOWN(0, 0, 0, Zone.UNKNOWN, 0, 0);

  /** What {@code timestamp} is. */
  enum Zone {
    INSTANT,
    LOCAL,
    UNKNOWN
  }

  private static final Map<String, SqlDialect> SERVERS =
      Map.ofEntries(
          Map.entry("athena", HIVE),
          Map.entry("glue", HIVE),
          Map.entry("hive", HIVE),
          Map.entry("impala", HIVE),
          Map.entry("databricks", SPARK),
          Map.entry("trino", TRINO),
          Map.entry("presto", TRINO),
          Map.entry("bigquery", BIGQUERY),
          Map.entry("clickhouse", CLICKHOUSE),
          Map.entry("duckdb", DUCKDB),
          Map.entry("mysql", MYSQL),
          Map.entry("oracle", ORACLE),
          Map.entry("postgres", POSTGRESQL),
          Map.entry("postgresql", POSTGRESQL),
          Map.entry("redshift", REDSHIFT),
          Map.entry("snowflake", SNOWFLAKE),
          Map.entry("sqlserver", SQLSERVER),
          Map.entry("synapse", SQLSERVER),
          Map.entry("vertica", VERTICA),
          Map.entry("db2", DB2),
          Map.entry("exasol", EXASOL),
          Map.entry("hana", HANA),
          Map.entry("iceberg", ICEBERG),
          Map.entry("informix", INFORMIX),
          Map.entry("ingres", INGRES),
          Map.entry("vectorwise", INGRES),
          Map.entry("teradata", TERADATA));

  private final int integerBits;
  private final int floatBits;
  private final int realBits;
  private final Zone timestamp;
  private final int precision;
  private final int scale;

  SqlDialect(
      int integerBits, int floatBits, int realBits, Zone timestamp, int precision, int scale) {
    this.integerBits = integerBits;
    this.floatBits = floatBits;
    this.realBits = realBits;
    this.timestamp = timestamp;
    this.precision = precision;
    this.scale = scale;
  }

  /** Returns the dialect of a document; only servers that are databases count. */
  static SqlDialect of(JsonNode root) {
    Set<SqlDialect> named = new HashSet<>();
    for (JsonNode server : root.path("servers")) {
      SqlDialect dialect = SERVERS.get(server.path("type").asText().toLowerCase(Locale.ROOT));
      if (dialect != null) {
        named.add(dialect);
      }
    }
    return named.size() == 1 ? named.iterator().next() : UNKNOWN;
  }

  /** The bits of {@code integer}; more than 64 for decimal digits, 0 if it is not known. */
  int integerBits() {
    return integerBits;
  }

  /** The bits of {@code float}, {@code float4}, or {@code real}; 0 if they are not known. */
  int bitsOf(String floating) {
    return switch (floating) {
      case "real" -> realBits;
      case "float4" -> this == SNOWFLAKE ? floatBits : Integer.SIZE;
      default -> floatBits;
    };
  }

  Zone timestamp() {
    return timestamp;
  }

  /** The digits of {@code decimal} without a precision; 0 if it has no limit or is not known. */
  int precision() {
    return precision;
  }

  int scale() {
    return scale;
  }
}
