package io.meshwork.examples.sparkpublish;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures a checked append of Spark with eleven rules beside Iceberg's own append, which checks
 * nothing, of the same files by the same process, by turns. Compares what both tables contain.
 */
public final class SparkAppendBenchmark {
  private static final String CHECKED = "mesh.commerce.orders_v1";
  private static final String UNCHECKED = "plain.commerce.orders";
  private static final double LEAST_RATIO = 0.5;

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
    int rows = number(arguments, 0, 1_000_000);
    int rounds = number(arguments, 1, 5);
    Path folder = Files.createTempDirectory("meshwork-bench-spark-");
    Path location = folder.resolve("mesh");
    try (Mesh mesh = LocalMesh.open(location)) {
      MeshClient owner = mesh.clientAs(Principal.of("commerce", "etl"));
      owner.registerDomain("commerce").owner("orders@example.org").commit();
      owner
          .defineProduct("commerce/orders")
          .contract(OrderRows.contract(OnViolation.QUARANTINE))
          .commit();
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
    spark
        .sql(
            "CREATE TABLE " + UNCHECKED + " USING iceberg AS SELECT * FROM " + CHECKED + " LIMIT 0")
        .rowsOrThrow();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      boolean checkedFirst = round % 2 == 0;
      double first = seconds(checkedFirst ? CHECKED : UNCHECKED);
      double second = seconds(checkedFirst ? UNCHECKED : CHECKED);
      double checked = checkedFirst ? first : second;
      double unchecked = checkedFirst ? second : first;
      System.err.printf(
          Locale.ROOT,
          "%s: checked %.2f s, unchecked %.2f s%n",
          round == 0 ? "Warm-up" : "Round " + round,
          checked,
          unchecked);
      if (round > 0) {
        ratios.add(unchecked / checked);
      }
    }
    List<JsonNode> checked = content(CHECKED);
    if (!checked.equals(content(UNCHECKED))) {
      throw new IllegalStateException("The tables differ: " + checked + content(UNCHECKED));
    }
    System.err.println("Both tables contain " + checked);
    ratios.sort(Comparator.naturalOrder());
    double median = ratios.get(ratios.size() / 2);
    System.out.printf(
        Locale.ROOT,
        "append-spark | iceberg | %.2f | %s%n",
        median,
        median >= LEAST_RATIO ? "yes" : "no");
  }

  private double seconds(String table) {
    long start = System.nanoTime();
    spark.sql("INSERT INTO " + table + " SELECT * FROM parquet.`" + source + "`").rowsOrThrow();
    return (System.nanoTime() - start) / 1e9;
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
