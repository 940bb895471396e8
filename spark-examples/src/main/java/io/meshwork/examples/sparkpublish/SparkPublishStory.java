package io.meshwork.examples.sparkpublish;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.examples.spark.SparkProcess.Result;
import io.meshwork.examples.sparkpublish.OrderRows.Order;
import io.meshwork.examples.story.StoryCommand;
import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Spark publishes rows in different numbers of tasks, and each time the mesh contains what it
 * contains after the SDK published them: also if a process with tasks is killed.
 */
public final class SparkPublishStory implements AutoCloseable {
  private static final String DOMAIN = "commerce";
  private static final String BY_SDK = "commerce/orders";
  private static final int ROWS = 20_000;
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

  private final StoryReport report;
  private final Path data;
  private final Mesh mesh;
  private final MeshClient owner;
  private final SparkProcess threads;
  private final SparkProcess cluster;

  private SparkPublishStory(Path folder, StoryReport report) throws IOException {
    this.report = report;
    Path location = folder.resolve("mesh").toAbsolutePath();
    this.data = location.resolve("data");
    this.mesh = LocalMesh.open(location);
    this.owner = mesh.clientAs(Principal.of(DOMAIN, "etl"));
    owner.registerDomain(DOMAIN).owner("orders@example.org").commit();
    this.cluster = start(folder.resolve("executors"), location, launch -> launch.executors(2));
    this.threads = start(folder.resolve("threads"), location, launch -> launch.threads(2));
  }

  private static SparkProcess start(Path folder, Path mesh, UnaryOperator<SparkLaunch> tasks)
      throws IOException {
    Files.createDirectories(folder);
    SparkLaunch launch = new SparkLaunch("4.1", folder.toAbsolutePath()).forShortJobs();
    return SparkProcess.start(
        tasks.apply(launch.mesh(mesh.toString(), DOMAIN + "/spark")), folder.resolve("spark.log"));
  }

  /** Runs the story in a folder, empty or new; the argument names it. */
  public static void main(String[] arguments) throws IOException {
    StoryCommand.run(
        "spark-publish", arguments, folder -> run(folder, new StoryReport(System.out)));
  }

  /** Runs the story in a folder. */
  public static void run(Path folder, StoryReport report) {
    try (SparkPublishStory story = new SparkPublishStory(folder, report)) {
      story.tell();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try (mesh;
        cluster) {
      threads.close();
    }
  }

  private void tell() {
    Outcome expected = publishBySdk();
    boolean rules = true;
    boolean measures = true;
    boolean scores = true;
    boolean quarantine = true;
    List<String> equal = new ArrayList<>();
    for (int tasks : List.of(1, 3, 8)) {
      Outcome outcome = publish(threads, "orders-" + tasks, rows(tasks));
      equal.add("tasks " + tasks + " equal " + outcome.equals(expected));
      rules &= outcome.rules().equals(expected.rules());
      measures &= outcome.measures().equals(expected.measures());
      scores &= outcome.scores().equals(expected.scores());
      quarantine &= outcome.quarantined().equals(expected.quarantined());
    }
    Outcome outcome = publish(cluster, "orders-executors", rows(3));
    equal.add("executors 2 equal " + outcome.equals(expected));
    report.step(
        "published",
        "tasks 1 equal true, tasks 3 equal true, tasks 8 equal true, executors 2 equal true",
        String.join(", ", equal));
    report.number("rows", ROWS);
    report.flag("rulesEqual", rules);
    report.flag("measuresEqual", measures);
    report.flag("scoresEqual", scores);
    report.flag("quarantineEqual", quarantine);
    quarantined(expected);
    report.number("filesLeft", refused());
    replaced();
    twoVersions();
    replayed();
    killedExecutor(expected);
    report.step("doctor", "problems 0", "problems " + mesh.doctor().problems().size());
    report.endWithoutSteps();
  }

  private Outcome publishBySdk() {
    define(BY_SDK, OnViolation.QUARANTINE);
    owner.publish(BY_SDK).records(objects().toList()).commit();
    return outcome(BY_SDK);
  }

  /** The rows as a query in tasks. */
  private static String rows(int tasks) {
    return OrderRows.withRepeatedKeys(OrderRows.query(ROWS, tasks));
  }

  private static Stream<Order> objects() {
    return OrderRows.objects(ROWS).map(OrderRows::withRepeatedKey);
  }

  private Outcome publish(SparkProcess spark, String product, String query) {
    define(DOMAIN + "/" + product, OnViolation.QUARANTINE);
    spark.sql(insert(product, "day-1", query)).rowsOrThrow();
    return outcome(DOMAIN + "/" + product);
  }

  private void quarantined(Outcome expected) {
    List<JsonNode> counted =
        threads
            .sql("SELECT CAST(count(*) AS INT) AS n FROM mesh.commerce.orders_3_v1_quarantine")
            .rowsOrThrow();
    report.step(
        "quarantined",
        "rows " + expected.quarantined().size(),
        "rows " + counted.get(0).get("n").asInt());
  }

  private int refused() {
    define("commerce/strict", OnViolation.REJECT);
    Set<String> before = files();
    Result refused = threads.sql(insert("strict", "day-1", rows(3)));
    Set<String> leftovers = files();
    leftovers.removeAll(before);
    report.step(
        "refused",
        "CONTRACT_VIOLATED, left 0",
        refused.failure().split(" ", 2)[0] + ", left " + leftovers.size());
    return leftovers.size();
  }

  private void replayed() {
    Set<String> before = files();
    threads.sql(insert("orders-8", "day-1", rows(8))).rowsOrThrow();
    Set<String> added = files();
    added.removeAll(before);
    report.step(
        "replayed",
        "publishes 1, files added 0",
        "publishes "
            + owner.publishHistory("commerce/orders-8").receipts().size()
            + ", files added "
            + added.size());
  }

  private void killedExecutor(Outcome expected) {
    define("commerce/orders-killed", OnViolation.QUARANTINE);
    Set<String> before = files();
    Set<Long> executors =
        cluster.executors().map(ProcessHandle::pid).collect(Collectors.toUnmodifiableSet());
    String slow =
        "SELECT * FROM ("
            + rows(8)
            + ") WHERE reflect('java.lang.Thread', 'sleep', 1L) IS NOT NULL";
    CompletableFuture<Result> job =
        CompletableFuture.supplyAsync(() -> cluster.sql(insert("orders-killed", "day-1", slow)));
    await("a task writes", job, () -> !before.containsAll(files()));
    ProcessHandle killed = cluster.executors().findFirst().orElseThrow();
    killed.destroyForcibly();
    job.join().rowsOrThrow();
    boolean replaced =
        executors.contains(killed.pid())
            && cluster.executors().anyMatch(executor -> !executors.contains(executor.pid()));
    report.step(
        "killed-executor",
        "executor replaced true, publishes 1, equal true",
        "executor replaced "
            + replaced
            + ", publishes "
            + owner.publishHistory("commerce/orders-killed").receipts().size()
            + ", equal "
            + outcome("commerce/orders-killed").equals(expected));
  }

  /** Replaces the rows of some days with those of fewer orders. */
  private void replaced() {
    String where = "day < DATE '2026-01-15'";
    owner
        .publish(BY_SDK)
        .replaceWhere(where)
        .records(
            objects()
                .limit(ROWS / 2)
                .filter(order -> order.day().isBefore(LocalDate.of(2026, 1, 15)))
                .toList())
        .commit();
    threads
        .sql(
            "INSERT INTO mesh.commerce.orders_3_v1 REPLACE WHERE "
                + where
                + " SELECT * FROM ("
                + OrderRows.withRepeatedKeys(OrderRows.query(ROWS / 2, 3))
                + ") WHERE "
                + where)
        .rowsOrThrow();
    report.step(
        "replaced", "equal true", "equal " + rows("commerce/orders-3").equals(rows(BY_SDK)));
  }

  /** Publishes to both versions of a rollout, of which the new one has a stricter rule. */
  private void twoVersions() {
    for (String product : List.of(BY_SDK, "commerce/orders-3")) {
      owner
          .startRollout(product)
          .contract(OrderRows.nextContract())
          .because("tags were never used")
          .withoutHistory()
          .commit()
          .activate()
          .commit();
    }
    owner
        .publish(BY_SDK)
        .records(objects().map(order -> order.withId(order.id() + ROWS)).toList())
        .commit();
    threads
        .sql(
            insert(
                "orders-3",
                "day-2",
                "SELECT id + " + ROWS + " AS id, * EXCEPT (id) FROM (" + rows(8) + ")"))
        .rowsOrThrow();
    boolean equal = true;
    for (int major : List.of(1, 2)) {
      equal &=
          rows("commerce/orders-3", major).equals(rows(BY_SDK, major))
              && quarantinedRows("commerce/orders-3", major).equals(quarantinedRows(BY_SDK, major));
    }
    report.step("two-versions", "equal true", "equal " + equal);
  }

  /** Waits until something is so, while a job runs. */
  private static void await(String what, CompletableFuture<Result> job, BooleanSupplier isSo) {
    long start = System.nanoTime();
    while (!isSo.getAsBoolean()) {
      if (job.isDone() || System.nanoTime() - start > PATIENCE) {
        throw new StoryFailedException("The job ended before " + what + ".");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private void define(String product, OnViolation policy) {
    owner.defineProduct(product).contract(OrderRows.keyedContract(policy)).commit();
  }

  private static String insert(String product, String key, String query) {
    return "INSERT INTO mesh.commerce."
        + product.replace('-', '_')
        + "_v1 WITH ('meshwork.key' = '"
        + key
        + "') "
        + query;
  }

  /** The data files of the mesh. */
  private Set<String> files() {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .map(Path::toString)
          .filter(name -> name.endsWith(".parquet"))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a product has after its only publish, in comparable texts.
   *
   * @param rows its rows
   * @param rules what each rule counted
   * @param measures what each rule measured
   * @param scores rows and score
   * @param quarantined the rows in its quarantine, with rules and reasons
   */
  private record Outcome(
      List<String> rows,
      List<String> rules,
      List<String> measures,
      String scores,
      List<String> quarantined) {}

  private Outcome outcome(String product) {
    PublishReceipt receipt = owner.publishHistory(product).receipts().get(0);
    List<RuleResult> rules = receipt.quality().rules();
    return new Outcome(
        rows(product),
        rules.stream()
            .map(
                rule ->
                    rule.ruleId()
                        + " "
                        + rule.outcome()
                        + " "
                        + rule.failingRows()
                        + " of "
                        + rule.evaluatedRows())
            .toList(),
        rules.stream().map(rule -> rule.ruleId() + " " + rule.measure()).toList(),
        receipt.quality().rowsOffered()
            + " "
            + receipt.rowsAccepted()
            + " "
            + receipt.quality().rowsQuarantined()
            + " "
            + receipt.quality().qualityScore(),
        quarantinedRows(product, 1));
  }

  private List<String> rows(String product) {
    return rows(product, 1);
  }

  private List<String> rows(String product, int major) {
    try (Rows<Map<String, Object>> rows = owner.read(product).majorVersion(major).asMaps().rows()) {
      return rows.stream().map(Map::toString).sorted().toList();
    }
  }

  private List<String> quarantinedRows(String product, int major) {
    try (Rows<Map<String, Object>> rows =
        owner.quarantine(product).majorVersion(major).asMaps().rows()) {
      return rows.stream()
          .map(row -> row.get("rules") + " " + row.get("reason") + " " + row.get("row"))
          .sorted()
          .toList();
    }
  }
}
