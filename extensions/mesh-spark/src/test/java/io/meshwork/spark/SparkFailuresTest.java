package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.examples.spark.SparkProcess.Result;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever fails while Spark publishes, the rows are published once or not at all, and maintenance
 * finds the files that are left.
 */
@DisabledForJreRange(
    minVersion = 23,
    disabledReason = "Spark's Hadoop calls Subject.getSubject, which JDK 23 and later reject")
class SparkFailuresTest {
  private static final int ROWS = 300;
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);
  private static final String BY_SDK = "mobility/by-sdk";

  /** A row. */
  record Ride(long id, String code) {}

  private static final Contract CONTRACT =
      Contract.of(Ride.class)
          .primaryKey("id")
          .require(Rule.matches("code", "[a-y]"))
          .onViolation(OnViolation.QUARANTINE);

  @TempDir private Path folder;

  private Path location;
  private Mesh mesh;
  private MeshClient owner;
  private SparkProcess driver;
  private SparkProcess other;

  @BeforeEach
  void start() throws IOException {
    location = folder.resolve("mesh");
    mesh = LocalMesh.open(location);
    owner = mesh.clientAs(Principal.of("mobility", "etl"));
    owner.registerDomain("mobility").owner("rides@example.org").commit();
    driver = start("driver", "local[2,4]");
    other = start("other", "local[2,4]");
    define(BY_SDK);
    owner
        .publish(BY_SDK)
        .records(
            LongStream.range(0, ROWS)
                .mapToObj(id -> new Ride(id == 299 ? 3 : id, id % 50 == 7 ? "z" : "a"))
                .toList())
        .commit();
  }

  @AfterEach
  void end() {
    driver.kill();
    other.kill();
    mesh.close();
  }

  private SparkProcess start(String name, String master) throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    SparkLaunch launch =
        new SparkLaunch("4.1", own)
            .forShortJobs()
            .settings(Map.of("spark.master", master))
            .mesh(location.toString(), "mobility/spark")
            .program(PublishStatements.class, TaskFaults.class)
            .jar(faults(own.resolve("faults.jar")).toString());
    for (FaultyWarehouse.Fault fault : FaultyWarehouse.Fault.values()) {
      String catalog = "spark.sql.catalog." + fault.name().toLowerCase(Locale.ROOT);
      launch.settings(
          Map.of(
              catalog,
              "io.meshwork.spark.MeshSparkCatalog",
              catalog + ".warehouse",
              "faulty:" + location,
              catalog + ".meshwork.principal",
              "mobility/spark",
              catalog + ".fault",
              fault.name()));
    }
    return SparkProcess.start(launch, own.resolve("spark.log"));
  }

  /** A jar with the backend whose commits fail. */
  private static Path faults(Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> each :
          List.of(
              FaultyWarehouse.class,
              FaultyWarehouse.Fault.class,
              FaultyWarehouse.FaultyCommits.class)) {
        String name = each.getName().replace('.', '/') + ".class";
        try (InputStream compiled = each.getResourceAsStream("/" + name)) {
          out.putNextEntry(new JarEntry(name));
          compiled.transferTo(out);
          out.closeEntry();
        }
      }
      out.putNextEntry(new JarEntry("META-INF/services/io.meshwork.registry.Warehouse"));
      out.write(FaultyWarehouse.class.getName().getBytes(StandardCharsets.UTF_8));
      out.closeEntry();
    }
    return jar;
  }

  @Test
  void nothingIsPublishedTwiceOrInPart() throws Exception {
    aTaskThatFailsIsRepeated();
    theSecondDriverWithAKeyPublishesNothing();
    aContractThatChangedMeanwhileEndsTheJob();
    aDeadlineThatPassedEndsTheJob();
    anUnknownOutcomeIsSettledByTheKey();
    anUnknownOutcomeNamesTheKeyThatTheJobDidNotGive();
    aDriverThatDiesAfterTheCommitHasPublished();
    aDriverThatDiesBeforeTheCommitPublishedNothing();
    maintenanceDeletesWhatIsLeft();
  }

  private void aTaskThatFailsIsRepeated() {
    define("mobility/repeated");
    succeed(driver, insert("mesh", "repeated", "PT1H", fault("failOnce", "id, 150L")));
    assertPublishedOnce("repeated");
    assertThat(written("repeated")).isEqualTo(referenced("repeated"));
  }

  private void theSecondDriverWithAKeyPublishesNothing() {
    define("mobility/raced");
    CompletableFuture<Result> slow = held("raced");
    succeed(other, insert("mesh", "raced", "PT1H", "true"));
    release("raced");
    assertThat(slow.join().failure()).isEmpty();
    assertPublishedOnce("raced");
    assertThat(written("raced")).isEqualTo(referenced("raced"));
  }

  private void aContractThatChangedMeanwhileEndsTheJob() {
    define("mobility/amended");
    CompletableFuture<Result> slow = held("amended");
    owner
        .amendContract("mobility/amended", CONTRACT.require(Rule.atLeast("id", 0).warn()))
        .commit();
    release("amended");
    assertThat(slow.join().failure())
        .startsWith("STATE_CONFLICT ")
        .contains("Nothing was published", "Run the job again");
    assertNothingPublished("amended");
    assertThat(written("amended")).isEmpty();
  }

  private void aDeadlineThatPassedEndsTheJob() {
    define("mobility/late");
    Result late = driver.sql(insert("mesh", "late", "PT2S", fault("outlast", "id, 150L, 2100L")));
    assertThat(late.failure())
        .startsWith("DEADLINE_PASSED ")
        .contains("Nothing was published", "Set a longer meshwork.timeout");
    assertNothingPublished("late");
    assertThat(written("late")).isEmpty();
  }

  private void anUnknownOutcomeIsSettledByTheKey() {
    define("mobility/unknown");
    Result lost = driver.sql(insert("unknown", "unknown", "PT1M", "true"));
    assertThat(lost.failure())
        .startsWith("OUTCOME_UNKNOWN ")
        .contains("nothing was deleted", "Run the job again with meshwork.key 'day-1'");
    succeed(driver, insert("mesh", "unknown", "PT1M", "true"));
    assertPublishedOnce("unknown");
    assertThat(written("unknown")).isEqualTo(referenced("unknown"));
  }

  private void anUnknownOutcomeNamesTheKeyThatTheJobDidNotGive() {
    define("mobility/unnamed");
    String insert = insert("unknown", "unnamed", "PT1M", "true");
    Result lost = driver.sql(insert.replace("'meshwork.key' = 'day-1', ", ""));
    Matcher key = Pattern.compile("meshwork.key '([^']+)'").matcher(lost.failure());
    assertThat(key.find()).as(lost.failure()).isTrue();
    succeed(driver, insert.replace("day-1", key.group(1)).replace("unknown.", "mesh."));
    assertThat(owner.publishHistory("mobility/unnamed").receipts()).hasSize(1);
    assertThat(rows("mobility/unnamed")).isEqualTo(rows(BY_SDK));
  }

  private void aDriverThatDiesAfterTheCommitHasPublished() {
    define("mobility/committed");
    assertThatThrownBy(() -> driver.sql(insert("halt_after", "committed", "PT1H", "true")))
        .isInstanceOf(UncheckedIOException.class);
    assertPublishedOnce("committed");
    succeed(other, insert("mesh", "committed", "PT1H", "true"));
    assertPublishedOnce("committed");
    assertThat(written("committed")).containsAll(referenced("committed"));
  }

  private void aDriverThatDiesBeforeTheCommitPublishedNothing() throws IOException {
    define("mobility/uncommitted");
    driver = start("third", "local[2,4]");
    assertThatThrownBy(() -> driver.sql(insert("halt_before", "uncommitted", "PT1H", "true")))
        .isInstanceOf(UncheckedIOException.class);
    assertNothingPublished("uncommitted");
    assertThat(written("uncommitted")).isNotEmpty();
    succeed(other, insert("mesh", "uncommitted", "PT1H", "true"));
    assertPublishedOnce("uncommitted");
  }

  private void maintenanceDeletesWhatIsLeft() {
    for (String product : List.of("committed", "uncommitted")) {
      assertThat(written(product)).isNotEqualTo(referenced(product));
    }
    assertThat(mesh.doctor().problems()).isEmpty();
    try (Mesh later =
        LocalMesh.builder(location).clock(() -> Instant.now().plus(Duration.ofDays(9))).open()) {
      assertThat(later.doctor().findings())
          .extracting(Finding::code)
          .contains(FindingCode.LEFTOVER_FILES)
          .doesNotContain(FindingCode.UNKNOWN_FILES);
      later.maintain().commit();
      assertThat(later.doctor().findings())
          .extracting(Finding::code)
          .doesNotContain(FindingCode.LEFTOVER_FILES);
    }
    for (String product : List.of("committed", "uncommitted")) {
      assertThat(written(product)).isEqualTo(referenced(product));
      assertPublishedOnce(product);
    }
  }

  private void define(String product) {
    owner.defineProduct(product).contract(CONTRACT).commit();
  }

  private static String insert(String catalog, String product, String timeout, String where) {
    return "INSERT INTO "
        + catalog
        + ".mobility."
        + product
        + "_v1 WITH ('meshwork.key' = 'day-1', 'meshwork.timeout' = '"
        + timeout
        + "') SELECT if(id = 299, 3L, id) AS id, if(id % 50 = 7, 'z', 'a') AS code FROM range(0, "
        + ROWS
        + ", 1, 3) WHERE "
        + where;
  }

  private static String fault(String method, String arguments) {
    return "reflect('"
        + TaskFaults.class.getName()
        + "', '"
        + method
        + "', "
        + arguments
        + ") = 'true'";
  }

  /** Starts a job whose second task waits at a row. */
  private CompletableFuture<Result> held(String product) {
    String where =
        fault(
            "hold",
            "id, 150L, '"
                + folder.resolve(product)
                + "', '"
                + folder.resolve(product + "-go")
                + "'");
    CompletableFuture<Result> job =
        CompletableFuture.supplyAsync(() -> driver.sql(insert("mesh", product, "PT1H", where)));
    long start = System.nanoTime();
    while (!Files.exists(folder.resolve(product))) {
      assertThat(job.isDone()).as(() -> "ended: " + job.join().failure()).isFalse();
      assertThat(System.nanoTime() - start).isLessThan(PATIENCE);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return job;
  }

  private void release(String product) {
    try {
      Files.createFile(folder.resolve(product + "-go"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void succeed(SparkProcess spark, String statement) {
    assertThat(spark.sql(statement).failure()).as(statement).isEmpty();
  }

  private void assertPublishedOnce(String name) {
    String product = "mobility/" + name;
    assertThat(owner.publishHistory(product).receipts())
        .singleElement()
        .extracting(PublishReceipt::idempotencyKey)
        .isEqualTo("day-1");
    assertThat(rows(product)).isEqualTo(rows(BY_SDK)).hasSize(ROWS - 7);
    assertThat(quarantined(product)).isEqualTo(quarantined(BY_SDK)).hasSize(7);
  }

  private void assertNothingPublished(String name) {
    String product = "mobility/" + name;
    assertThat(owner.publishHistory(product).receipts()).isEmpty();
    assertThat(rows(product)).isEmpty();
    assertThat(quarantined(product)).isEmpty();
  }

  private List<String> rows(String product) {
    try (Rows<Ride> rows = owner.read(product).as(Ride.class).rows()) {
      return rows.stream().map(Ride::toString).sorted().toList();
    }
  }

  private List<String> quarantined(String product) {
    try (Rows<Map<String, Object>> rows = owner.quarantine(product).asMaps().rows()) {
      return rows.stream()
          .map(row -> row.get("rules") + " " + row.get("reason") + " " + row.get("row"))
          .sorted()
          .toList();
    }
  }

  /** The names of the data files in the folders of a product. */
  private Set<String> written(String product) {
    try (Stream<Path> files = Files.walk(location.resolve("data"))) {
      return files
          .filter(file -> file.toString().contains("/" + product + "_v1"))
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".parquet"))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> referenced(String product) {
    Set<String> names = new TreeSet<>();
    for (String table : List.of(product + "_v1", product + "_v1_quarantine")) {
      for (JsonNode row :
          other.sql("SELECT file_path FROM mesh.mobility." + table + ".all_files").rowsOrThrow()) {
        names.add(row.get("file_path").asText().replaceFirst(".*/", ""));
      }
    }
    return names;
  }
}
