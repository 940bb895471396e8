package io.meshwork.examples.sparkpublish;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures a checked append of Spark with eleven rules, with a primary key and without, beside
 * Iceberg's own append, which checks nothing. Where Deequ has a version for Spark, also beside
 * Deequ's measures of the same rules and Iceberg's append; elsewhere beside a query of Spark SQL
 * with what the rules count and Iceberg's append. One process appends the same files by turns.
 * Compares what they count and measure with the receipts, and what the tables contain.
 */
public final class SparkAppendBenchmark {
  /** An append takes at most 1.3 times as long as an unchecked one. */
  private static final double LEAST_RATIO = 0.77;

  /** It takes at most half as long as measures and an append. */
  private static final double LEAST_RATIO_TO_MEASURES = 2;

  private static final String WITH_DEEQU = "-deequ";

  /** The columns of an order after its ID. */
  private static final String COLUMNS =
      "weight, amount, discount, day, placed, code, tags, items, address";

  /** What a job that separates rows with Deequ appends the bad ones to, with its results. */
  private static final String SEPARATED_BAD = "plain.commerce.separated_bad";

  private static final Pattern ID = Pattern.compile("\"id\": ?([0-9]+)");

  /** Deequ's results for each row, by rule. */
  private static final List<String> RESULTS =
      IntStream.rangeClosed(1, DeequStatements.ROW_RULES).mapToObj(i -> "rule_" + i).toList();

  /** What the rules count and measure, in their order. */
  private static final String MEASURES =
      "SELECT count_if(weight NOT BETWEEN 0 AND 93), count_if(NOT code RLIKE '^[a-y]+$'),"
          + " count_if(length(code) NOT BETWEEN 1 AND 2), count_if(NOT discount <= amount),"
          + " count_if(amount < 0), count_if(weight IS NULL), 100 * count(weight) / count(*),"
          + " avg(weight), stddev_samp(weight), sum(amount), count(*) FROM ";

  /** Who appends the rows. */
  private enum Contender {
    UNCHECKED("plain.commerce.orders"),
    MEASURED("plain.commerce.measured"),
    DEEQU("plain.commerce.deequ"),
    DEEQU_WITH_KEYS("plain.commerce.compared"),
    DEEQU_SEPARATED("plain.commerce.separated"),
    CHECKED("mesh.commerce.orders_v1"),
    KEYED("mesh.commerce.keyed_v1"),
    QUARANTINED("mesh.commerce.mixed_v1");

    private final String table;

    Contender(String table) {
      this.table = table;
    }

    private boolean runsOn(String version) {
      return switch (this) {
        case UNCHECKED, CHECKED, KEYED -> true;
        case DEEQU, DEEQU_WITH_KEYS, DEEQU_SEPARATED, QUARANTINED -> version.endsWith(WITH_DEEQU);
        case MEASURED -> !version.endsWith(WITH_DEEQU);
      };
    }

    /** The product whose receipts have the same counts. */
    private String product() {
      return switch (this) {
        case DEEQU_WITH_KEYS, KEYED -> "commerce/keyed";
        case DEEQU_SEPARATED, QUARANTINED -> "commerce/mixed";
        default -> "commerce/orders";
      };
    }

    /** Whether some of its rows break rules. */
    private boolean hasBadRows() {
      return this == QUARANTINED || this == DEEQU_SEPARATED;
    }
  }

  private final String version;
  private final MeshClient owner;
  private final SparkProcess spark;
  private final int rows;
  private final int rounds;
  private final Path source;
  private final Path mixedSource;
  private final List<Contender> contenders;

  /** What Spark SQL and Deequ count and measure in the newest rows. */
  private final Map<Contender, List<Double>> counts = new EnumMap<>(Contender.class);

  private SparkAppendBenchmark(
      String version, MeshClient owner, SparkProcess spark, int rows, int rounds, Path folder) {
    this.version = version;
    this.owner = owner;
    this.spark = spark;
    this.rows = rows;
    this.rounds = rounds;
    this.source = folder.resolve("source");
    this.mixedSource = folder.resolve("mixed-source");
    this.contenders = Stream.of(Contender.values()).filter(each -> each.runsOn(version)).toList();
  }

  /** Arguments: names of class paths of Spark with commas between, rows, and rounds. */
  public static void main(String[] arguments) throws IOException {
    int rows = number(arguments, 1, 4_000_000);
    int rounds = number(arguments, 2, 5);
    for (String version : arguments[0].split(",", -1)) {
      measure(version, rows, rounds);
    }
  }

  private static int number(String[] arguments, int index, int otherwise) {
    if (arguments.length > 3
        || (arguments.length > index && !arguments[index].matches("[1-9][0-9]{0,8}"))) {
      System.err.println("Usage: scripts/bench spark [ROWS [ROUNDS]]");
      System.exit(2);
    }
    return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
  }

  private static void measure(String version, int rows, int rounds) throws IOException {
    Path folder = Files.createTempDirectory("meshwork-bench-spark-");
    Path location = folder.resolve("mesh");
    try (Mesh mesh = LocalMesh.open(location)) {
      MeshClient owner = mesh.clientAs(Principal.of("commerce", "etl"));
      owner.registerDomain("commerce").owner("orders@example.org").commit();
      Contract contract = OrderRows.contract(OnViolation.QUARANTINE);
      owner.defineProduct("commerce/orders").contract(contract).commit();
      owner.defineProduct("commerce/keyed").contract(contract.primaryKey("id")).commit();
      owner.defineProduct("commerce/mixed").contract(contract).commit();
      SparkLaunch launch =
          new SparkLaunch(version, folder)
              .program(DeequStatements.class)
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
        new SparkAppendBenchmark(version, owner, spark, rows, rounds, folder).measure();
      }
    } finally {
      delete(folder);
    }
  }

  private void measure() {
    write(source, OrderRows.validQuery(rows, 4));
    for (Contender contender : contenders) {
      if (contender.table.startsWith("plain.")) {
        create(contender.table, "*");
      }
    }
    if (contenders.contains(Contender.QUARANTINED)) {
      write(mixedSource, OrderRows.query(rows, 4));
      create(
          SEPARATED_BAD,
          "*, "
              + RESULTS.stream().map(each -> "true AS " + each).collect(Collectors.joining(", ")));
    }
    List<Map<Contender, Double>> measured = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      Map<Contender, Double> times = new EnumMap<>(Contender.class);
      List<Contender> order = new ArrayList<>(contenders);
      Collections.rotate(order, round);
      for (Contender contender : order) {
        times.put(contender, seconds(contender, round));
      }
      System.err.println((round == 0 ? "Warm-up " : "Round " + round + " ") + texts(times));
      requireEqualCounts();
      if (round > 0) {
        measured.add(times);
      }
    }
    requireEqualContent(Contender.UNCHECKED);
    if (contenders.contains(Contender.QUARANTINED)) {
      requireEqualContent(Contender.DEEQU_SEPARATED);
      requireEqualQuarantine();
    }
    print("", Contender.CHECKED, "iceberg", Contender.UNCHECKED, measured);
    print("-key", Contender.KEYED, "iceberg", Contender.UNCHECKED, measured);
    print("", Contender.CHECKED, "sql-measures", Contender.MEASURED, measured);
    print("", Contender.CHECKED, "deequ", Contender.DEEQU, measured);
    print("-key", Contender.KEYED, "deequ", Contender.DEEQU_WITH_KEYS, measured);
    print("-quarantine", Contender.QUARANTINED, "deequ", Contender.DEEQU_SEPARATED, measured);
  }

  private void requireEqualContent(Contender other) {
    List<JsonNode> expected = content(other.table);
    for (Contender contender : contenders) {
      if (contender.hasBadRows() == other.hasBadRows()
          && !content(contender.table).equals(expected)) {
        throw new IllegalStateException(
            contender.table + " has " + content(contender.table) + " instead of " + expected);
      }
    }
    System.err.println("All tables contain " + expected);
  }

  /** Requires in quarantine the rows that the job with Deequ kept apart, for the same rules. */
  private void requireEqualQuarantine() {
    long rows = 0;
    long ids = 0;
    long broken = 0;
    try (Rows<Map<String, Object>> quarantined =
        owner.quarantine("commerce/mixed").asMaps().rows()) {
      for (Map<String, Object> each : quarantined) {
        Matcher id = ID.matcher(String.valueOf(each.get("row")));
        if (!id.find()) {
          throw new IllegalStateException("A row in quarantine has no ID: " + each);
        }
        rows++;
        ids += Long.parseLong(id.group(1));
        broken += String.valueOf(each.get("rules")).split(",", -1).length;
      }
    }
    JsonNode others =
        spark
            .sql(
                "SELECT count(*) AS rows, sum(id) AS ids, sum("
                    + RESULTS.stream()
                        .map(each -> "if(" + each + ", 0, 1)")
                        .collect(Collectors.joining(" + "))
                    + ") AS broken FROM "
                    + SEPARATED_BAD)
            .rowsOrThrow()
            .get(0);
    String ours = "{\"rows\":" + rows + ",\"ids\":" + ids + ",\"broken\":" + broken + "}";
    if (!others.toString().equals(ours) || rows == 0) {
      throw new IllegalStateException(
          "The quarantine has " + ours + ", and " + SEPARATED_BAD + " " + others);
    }
    System.err.println("Both quarantines contain " + ours);
  }

  private void write(Path files, String query) {
    spark.sql("INSERT OVERWRITE DIRECTORY '" + files + "' USING parquet " + query).rowsOrThrow();
  }

  /** Makes an empty table with columns of the orders. */
  private void create(String table, String columns) {
    spark
        .sql(
            "CREATE TABLE "
                + table
                + " USING iceberg AS SELECT "
                + columns
                + " FROM "
                + Contender.CHECKED.table
                + " LIMIT 0")
        .rowsOrThrow();
  }

  private static String texts(Map<Contender, Double> times) {
    return times.entrySet().stream()
        .map(each -> String.format(Locale.ROOT, "%s %.2f s", each.getKey(), each.getValue()))
        .collect(Collectors.joining(", "));
  }

  private void print(
      String suffix,
      Contender ours,
      String otherName,
      Contender other,
      List<Map<Contender, Double>> measured) {
    if (!contenders.contains(other)) {
      return;
    }
    double median =
        measured.stream()
            .map(times -> times.getOrDefault(other, 0.0) / times.getOrDefault(ours, 1.0))
            .sorted()
            .toList()
            .get(measured.size() / 2);
    double least = other == Contender.UNCHECKED ? LEAST_RATIO : LEAST_RATIO_TO_MEASURES;
    System.out.printf(
        Locale.ROOT,
        "append-spark-%s%s | %s | %.2f | %s%n",
        version.replace(WITH_DEEQU, ""),
        suffix,
        otherName,
        median,
        median >= least ? "yes" : "no");
  }

  private double seconds(Contender contender, int round) {
    String added =
        "SELECT id + "
            + (long) round * rows
            + " AS id, "
            + COLUMNS
            + " FROM parquet.`"
            + (contender.hasBadRows() ? mixedSource : source)
            + "`";
    long start = System.nanoTime();
    switch (contender) {
      case MEASURED -> counts.put(contender, measuredBySql(added));
      case DEEQU -> counts.put(contender, measuredByDeequ(metrics("DEEQU " + added)));
      case DEEQU_WITH_KEYS -> {
        Map<String, Double> metrics = metrics("DEEQU-KEYS " + added);
        requireNoneExisting(contender.table, added, metrics);
        List<Double> measures = new ArrayList<>(measuredByDeequ(metrics));
        measures.add(failing(metrics, "Uniqueness id"));
        counts.put(contender, measures);
      }
      case DEEQU_SEPARATED -> {
        counts.put(contender, brokenByDeequ(metrics("DEEQU-ROWS " + added)));
        String good = String.join(" AND ", RESULTS);
        append(
            SEPARATED_BAD,
            "SELECT id, "
                + COLUMNS
                + ", "
                + String.join(", ", RESULTS)
                + " FROM "
                + DeequStatements.ROW_RESULTS
                + " WHERE NOT ("
                + good
                + ")");
        added = "SELECT id, " + COLUMNS + " FROM " + DeequStatements.ROW_RESULTS + " WHERE " + good;
      }
      default -> {}
    }
    append(contender.table, added);
    return (System.nanoTime() - start) / 1e9;
  }

  private void append(String table, String query) {
    spark.sql("INSERT INTO " + table + " " + query).rowsOrThrow();
  }

  private List<Double> measuredBySql(String added) {
    List<Double> measures = new ArrayList<>();
    spark
        .sql(MEASURES + "(" + added + ")")
        .rowsOrThrow()
        .get(0)
        .forEach(value -> measures.add(value.doubleValue()));
    return measures;
  }

  private Map<String, Double> metrics(String statement) {
    Map<String, Double> metrics = new HashMap<>();
    for (JsonNode each : spark.sql(statement).rowsOrThrow().get(0).get("metrics")) {
      metrics.put(
          each.get("name").textValue() + " " + each.get("instance").textValue(),
          each.get("value").doubleValue());
    }
    return metrics;
  }

  /** What the rules count and measure, in their order, of Deequ's shares of good rows. */
  private static List<Double> measuredByDeequ(Map<String, Double> metrics) {
    double size = value(metrics, "Size *");
    double values = size * value(metrics, "Completeness weight");
    List<Double> measures = new ArrayList<>(brokenByDeequ(metrics));
    measures.addAll(
        List.of(
            failing(metrics, "Completeness weight"),
            100 * value(metrics, "Completeness weight"),
            value(metrics, "Mean weight"),
            // Deequ's is that of all values, and the rule's that of a sample.
            value(metrics, "StandardDeviation weight") * Math.sqrt(values / (values - 1)),
            value(metrics, "Sum amount"),
            size));
    return measures;
  }

  /** How many rows break each rule of single rows. */
  private static List<Double> brokenByDeequ(Map<String, Double> metrics) {
    return List.of(
        failing(metrics, "Compliance weight between 0.0 and 93.0"),
        failing(metrics, "Compliance pattern of code"),
        failing(metrics, "Compliance length of code"),
        failing(metrics, "Compliance discount is less than or equal to amount"),
        failing(metrics, "Compliance amount is non-negative"));
  }

  private static double failing(Map<String, Double> metrics, String name) {
    return Math.round(value(metrics, "Size *") * (1 - value(metrics, name)));
  }

  private static double value(Map<String, Double> metrics, String name) {
    Double value = metrics.get(name);
    if (value == null) {
      throw new IllegalStateException("Deequ did not measure " + name + " but " + metrics);
    }
    return value;
  }

  /** Reads only those files of the table whose bounds admit the keys, as Iceberg can. */
  private void requireNoneExisting(String table, String added, Map<String, Double> metrics) {
    JsonNode existing =
        spark
            .sql(
                "SELECT count(*) AS present FROM ("
                    + added
                    + ") LEFT SEMI JOIN (SELECT id FROM "
                    + table
                    + " WHERE id BETWEEN "
                    + Math.round(value(metrics, "Minimum id"))
                    + " AND "
                    + Math.round(value(metrics, "Maximum id"))
                    + ") USING (id)")
            .rowsOrThrow()
            .get(0);
    if (existing.get("present").longValue() != 0) {
      throw new IllegalStateException(table + " has keys of the new rows: " + existing);
    }
  }

  /** Requires of the newest receipts what others counted and measured of the same rows. */
  private void requireEqualCounts() {
    counts.forEach(
        (contender, others) -> {
          List<Double> ours = ofReceipt(contender.product());
          if (contender != Contender.DEEQU_SEPARATED && ours.size() != others.size()) {
            throw new IllegalStateException(contender + " measured " + others + ", not " + ours);
          }
          // Of rows of which some break a rule, the receipt measures the others only.
          for (int i = 0; i < others.size(); i++) {
            if (Math.abs(ours.get(i) - others.get(i)) > 1e-9 * Math.abs(others.get(i))) {
              throw new IllegalStateException(
                  contender + " measured " + others + ", and the receipt has " + ours);
            }
          }
        });
  }

  private List<Double> ofReceipt(String product) {
    List<PublishReceipt> receipts = owner.publishHistory(product).receipts();
    return receipts.get(receipts.size() - 1).quality().rules().stream()
        .map(rule -> rule.measure().orElse(rule.failingRows()))
        .toList();
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
