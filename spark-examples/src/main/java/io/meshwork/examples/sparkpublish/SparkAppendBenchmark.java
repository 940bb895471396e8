package io.meshwork.examples.sparkpublish;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures a checked append of Spark with eleven rules, with a primary key and without, beside
 * Iceberg's own append, which checks nothing, and beside that append after queries of Spark SQL
 * with what the rules count and measure: of the same files by the same process, by turns. Compares
 * what the queries and the receipts count, and what the tables contain.
 */
public final class SparkAppendBenchmark {
  /** An append takes at most 1.3 times as long as an unchecked one. */
  private static final double LEAST_RATIO = 0.77;

  /** It takes at most half as long as queries and an append. */
  private static final double LEAST_RATIO_TO_MEASURES = 2;

  /** What the rules count and measure. */
  private static final String MEASURES =
      "SELECT count(*) AS orders, count_if(weight NOT BETWEEN 0 AND 93) AS heavy,"
          + " count_if(NOT code RLIKE '^[a-y]+$') AS malformed,"
          + " count_if(length(code) NOT BETWEEN 1 AND 2) AS lengthy,"
          + " count_if(NOT discount <= amount) AS discounted, count_if(amount < 0) AS negative,"
          + " count_if(weight IS NULL) AS unweighed, count(weight) / count(*) AS completeness,"
          + " avg(weight) AS mean, stddev_samp(weight) AS deviation, sum(amount) AS amount,"
          + " min(id) AS least, max(id) AS most FROM ";

  /** Who appends the rows. */
  private enum Contender {
    UNCHECKED("plain.commerce.orders"),
    MEASURED("plain.commerce.measured"),
    MEASURED_WITH_KEYS("plain.commerce.compared"),
    CHECKED("mesh.commerce.orders_v1"),
    KEYED("mesh.commerce.keyed_v1");

    private final String table;

    Contender(String table) {
      this.table = table;
    }
  }

  private final SparkProcess spark;
  private final int rows;
  private final int rounds;
  private final Path source;

  private SparkAppendBenchmark(SparkProcess spark, int rows, int rounds, Path source) {
    this.spark = spark;
    this.rows = rows;
    this.rounds = rounds;
    this.source = source;
  }

  /** Arguments: rows and rounds. */
  public static void main(String[] arguments) throws IOException {
    int rows = number(arguments, 0, 4_000_000);
    int rounds = number(arguments, 1, 5);
    Path folder = Files.createTempDirectory("meshwork-bench-spark-");
    Path location = folder.resolve("mesh");
    try (Mesh mesh = LocalMesh.open(location)) {
      MeshClient owner = mesh.clientAs(Principal.of("commerce", "etl"));
      owner.registerDomain("commerce").owner("orders@example.org").commit();
      Contract contract = OrderRows.contract(OnViolation.QUARANTINE);
      owner.defineProduct("commerce/orders").contract(contract).commit();
      owner.defineProduct("commerce/keyed").contract(contract.primaryKey("id")).commit();
      SparkLaunch launch =
          new SparkLaunch("4.1", folder)
              .mesh(location.toString(), "commerce/spark")
              .threads(2)
              .settings(
                  Map.of(
                      "spark.sql.catalog.plain",
                      "org.apache.iceberg.spark.SparkCatalog",
                      "spark.sql.catalog.plain.type",
                      "hadoop",
                      "spark.sql.catalog.plain.warehouse",
                      folder.resolve("plain").toString()));
      try (SparkProcess spark = SparkProcess.start(launch, folder.resolve("spark.log"))) {
        new SparkAppendBenchmark(spark, rows, rounds, folder.resolve("source")).measure();
      }
    } finally {
      delete(folder);
    }
  }

  private static int number(String[] arguments, int index, int otherwise) {
    if (arguments.length > 2
        || (arguments.length > index && !arguments[index].matches("[1-9][0-9]{0,8}"))) {
      System.err.println("Usage: scripts/bench spark [ROWS [ROUNDS]]");
      System.exit(2);
    }
    return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
  }

  private void measure() {
    spark
        .sql(
            "INSERT OVERWRITE DIRECTORY '"
                + source
                + "' USING parquet "
                + OrderRows.validQuery(rows, 4))
        .rowsOrThrow();
    for (Contender plain :
        List.of(Contender.UNCHECKED, Contender.MEASURED, Contender.MEASURED_WITH_KEYS)) {
      spark
          .sql(
              "CREATE TABLE "
                  + plain.table
                  + " USING iceberg AS SELECT * FROM "
                  + Contender.CHECKED.table
                  + " LIMIT 0")
          .rowsOrThrow();
    }
    List<Map<Contender, Double>> measured = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      Map<Contender, Double> times = new EnumMap<>(Contender.class);
      List<Contender> order = Arrays.asList(Contender.values());
      Collections.rotate(order, round);
      for (Contender contender : order) {
        times.put(contender, seconds(contender, round));
      }
      System.err.println((round == 0 ? "Warm-up " : "Round " + round + " ") + texts(times));
      if (round > 0) {
        measured.add(times);
      }
    }
    List<JsonNode> unchecked = content(Contender.UNCHECKED.table);
    for (Contender contender : Contender.values()) {
      if (!content(contender.table).equals(unchecked)) {
        throw new IllegalStateException(
            contender.table + " has " + content(contender.table) + " instead of " + unchecked);
      }
    }
    System.err.println("All tables contain " + unchecked);
    requireNoneFailing(Contender.CHECKED.table);
    requireNoneFailing(Contender.KEYED.table);
    print("append-spark", Contender.CHECKED, "iceberg", Contender.UNCHECKED, measured);
    print("append-spark-key", Contender.KEYED, "iceberg", Contender.UNCHECKED, measured);
    print("append-spark", Contender.CHECKED, "sql-measures", Contender.MEASURED, measured);
    print("append-spark-key", Contender.KEYED, "sql-measures", Contender.MEASURED, measured);
    print(
        "append-spark-key",
        Contender.KEYED,
        "sql-measures-and-keys",
        Contender.MEASURED_WITH_KEYS,
        measured);
  }

  private static String texts(Map<Contender, Double> times) {
    return times.entrySet().stream()
        .map(each -> String.format(Locale.ROOT, "%s %.2f s", each.getKey(), each.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static void print(
      String name,
      Contender ours,
      String otherName,
      Contender other,
      List<Map<Contender, Double>> measured) {
    double median =
        measured.stream()
            .map(times -> times.getOrDefault(other, 0.0) / times.getOrDefault(ours, 1.0))
            .sorted()
            .toList()
            .get(measured.size() / 2);
    double least = other == Contender.UNCHECKED ? LEAST_RATIO : LEAST_RATIO_TO_MEASURES;
    System.out.printf(
        Locale.ROOT,
        "%s | %s | %.2f | %s%n",
        name,
        otherName,
        median,
        median >= least ? "yes" : "no");
  }

  private double seconds(Contender contender, int round) {
    String added =
        "(SELECT id + "
            + (long) round * rows
            + " AS id, * EXCEPT (id) FROM parquet.`"
            + source
            + "`)";
    long start = System.nanoTime();
    if (contender == Contender.MEASURED || contender == Contender.MEASURED_WITH_KEYS) {
      JsonNode measures = spark.sql(MEASURES + added).rowsOrThrow().get(0);
      requireZero(measures, "heavy", "malformed", "lengthy", "discounted", "negative");
      if (contender == Contender.MEASURED_WITH_KEYS) {
        compareKeys(contender.table, added, measures);
      }
    }
    spark.sql("INSERT INTO " + contender.table + " SELECT * FROM " + added).rowsOrThrow();
    return (System.nanoTime() - start) / 1e9;
  }

  /** Reads only those files of the table whose bounds admit the keys, as Iceberg can. */
  private void compareKeys(String table, String added, JsonNode measures) {
    JsonNode keys =
        spark
            .sql(
                "SELECT (SELECT count(*) FROM (SELECT id FROM "
                    + added
                    + " GROUP BY id HAVING count(*) > 1)) AS repeated, (SELECT count(*) FROM "
                    + added
                    + " LEFT SEMI JOIN (SELECT id FROM "
                    + table
                    + " WHERE id BETWEEN "
                    + measures.get("least")
                    + " AND "
                    + measures.get("most")
                    + ") USING (id)) AS present")
            .rowsOrThrow()
            .get(0);
    requireZero(keys, "repeated", "present");
  }

  private static void requireZero(JsonNode counts, String... names) {
    for (String name : names) {
      if (counts.get(name).longValue() != 0) {
        throw new IllegalStateException("a query counted " + counts);
      }
    }
  }

  /** Requires of the receipts what the queries counted. */
  private void requireNoneFailing(String table) {
    JsonNode counts =
        spark
            .sql(
                "SELECT sum(rows_quarantined) AS quarantined, count_if(exists(map_entries(failing_rows),"
                    + " each -> each.key != 'notNull.weight' AND each.value > 0)) AS failing FROM "
                    + table
                    + ".receipts")
            .rowsOrThrow()
            .get(0);
    requireZero(counts, "quarantined", "failing");
  }

  private List<JsonNode> content(String table) {
    return spark
        .sql(
            "SELECT count(*) AS orders, sum(CAST(xxhash64(id, weight, amount, discount, day, placed, code,"
                + " tags, address) AS DECIMAL(38,0))) AS hashes, sum(items['box']) AS boxes FROM "
                + table)
        .rowsOrThrow();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
