package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.Health.RefusedPublish;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.engine.EnginePublish;
import io.meshwork.error.MeshException;
import io.meshwork.event.MeshEvent;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.examples.spark.SparkProcess.Result;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** Each method of {@link MeshSpark} does to a product what that of the SDK does to another one. */
@DisabledForJreRange(
    minVersion = 23,
    disabledReason = "Spark's Hadoop calls Subject.getSubject, which JDK 23 and later reject")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SparkVerbsTest {
  /** The job in the guide. */
  private static final String GUIDE = "../../docs/running-under-spark.md";

  /** A row. */
  record Ride(long id, Optional<Double> fare, Optional<String> code, LocalDate day, Instant at) {}

  /** A row of the product in the guide. */
  record Trip(
      long id,
      Optional<Double> fare,
      @Column(precision = 9, scale = 2) BigDecimal tip,
      LocalDate day,
      Instant at,
      Optional<String> zone) {}

  /** A row with a map. */
  record CodedRide(long id, Map<String, String> codes) {}

  /** A row of the next major version. */
  record NextRide(
      long id, Optional<Double> fare, Optional<String> kind, LocalDate day, Instant at) {
    /** Returns null for a ride that has no kind. */
    static NextRide of(Ride ride) {
      return ride.code().filter("c"::equals).isPresent()
          ? null
          : new NextRide(
              ride.id(),
              ride.fare(),
              ride.code().map(code -> code.toUpperCase(Locale.ROOT)),
              ride.day(),
              ride.at());
    }
  }

  private Path folder;
  private Mesh mesh;
  private MeshClient owner;
  private SparkProcess spark;
  private String bySdk = "";
  private String byTasks = "";

  @BeforeAll
  void start(@TempDir Path empty) throws IOException {
    folder = empty;
    Path location = folder.resolve("mesh");
    mesh = LocalMesh.open(location);
    owner = mesh.clientAs(Principal.of("mobility", "etl"));
    owner.registerDomain("mobility").owner("rides@example.org").commit();
    Path own = Files.createDirectories(folder.resolve("spark"));
    spark =
        SparkProcess.start(
            new SparkLaunch("4.1", own)
                .forShortJobs()
                .threads(2)
                .mesh(location.toString(), "mobility/etl")
                // Many sessions have it, and it does not support records.
                .settings(Map.of("spark.serializer", "org.apache.spark.serializer.KryoSerializer"))
                .program(PublishStatements.class),
            own.resolve("spark.log"));
  }

  @AfterAll
  void end() {
    spark.kill();
    mesh.close();
  }

  private void define(String name, Contract contract) {
    bySdk = "mobility/" + name + "-by-sdk";
    byTasks = "mobility/" + name + "-by-tasks";
    for (String product : List.of(bySdk, byTasks)) {
      owner.defineProduct(product).contract(contract).partitionBy(Partition.month("day")).commit();
    }
  }

  private static Contract contract(Class<?> row, String code) {
    return Contract.of(row)
        .primaryKey("id")
        .require(
            Rule.between("fare", 0, 90),
            Rule.matches(code, "[a-yA-Y]").tolerateRows(2),
            Rule.mean("fare", 1, 80).warn(),
            Rule.distinctCount("day", 1, 60))
        .serviceLevel(ServiceLevel.NONE.eventTime("at").maxLateness(Duration.ofDays(20)));
  }

  private static Contract tolerant(Class<?> row, String code) {
    return contract(row, code).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(60);
  }

  @Test
  void eachVerbDoesWhatTheSdkDoes() {
    define("verbs", tolerant(Ride.class, "code"));
    equal(0, 200, "idempotencyKey day-1", "timeout PT1H", "completeUpTo 2024-03-01T00:00:00Z");
    equal(0, 200, "idempotencyKey day-1");
    equal(0, 60, "replacePartitions");
    equal(0, 9, "replaceWhere id < 9 AND day < DATE '2024-02-01'");
    equal(0, 0, "replaceWhere id < 3", "allowEmpty");
    equal(0, 0, "replaceAll");
    equal(300, 420, "replaceAll");
    equal(0, 10, "timeout PT0.000001S");
    equal(0, 10, "completeUpTo 2099-01-01T00:00:00Z");
    equal(300, 310, "majorVersion 1");
    equal(0, 10, "majorVersion 2");
    for (String product : List.of(bySdk, byTasks)) {
      owner
          .startRollout(product)
          .contract(tolerant(NextRide.class, "kind"))
          .because("codes are kinds")
          .withoutHistory()
          .commit()
          .activate()
          .commit();
    }
    equal(500, 520, "majorVersion 1");
    equal(500, 560, "majorVersion 1", "alsoTo 2");
    equal(600, 640, "onlyMajorVersion 1", "because a test");
    equal(640, 650, "onlyMajorVersion 1");
    equal(640, 650, "idempotencyKey day-1", "replaceAll");
    assertThat(rows(byTasks, 2)).isNotEmpty();
    assertThat(quarantined(byTasks, 1)).isNotEmpty();
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aStricterPolicyInputsAndTheFilterOfAnotherVersionAreThoseOfTheSdk() {
    define("stricter", tolerant(Ride.class, "code"));
    String input = "mobility/inputs";
    owner.defineProduct(input).contract(Contract.of(NextRide.class)).commit();
    owner.publish(input).records(List.of(NextRide.of(ride(0)), NextRide.of(ride(1)))).commit();
    Snapshot read = owner.describe(input).current().orElseThrow();
    String derived = "derivedFrom " + input + " " + read.contract() + " " + read.id();
    equal(0, 20, derived + " code=kind fare=fare", derived);
    assertThat(owner.publishHistory(byTasks).receipts().get(0).derivedFrom())
        .extracting(PublishReceipt.Input::columns)
        .containsExactly(List.of("code=kind", "fare=fare"), List.of());
    equal(20, 30, derived + " code=nothing");
    equal(20, 30, derived + " code");
    equal(20, 30, derived + " code=kind,fare");
    equal(20, 30, "derivedFrom " + input + " 1.0.0 17");
    equal(20, 30, "derivedFrom " + input + " 3.0.0 " + read.id());
    equal(100, 200, "onViolation REJECT");
    equal(200, 202, "onViolation REJECT");
    equal(202, 300, "onViolation QUARANTINE");
    for (String product : List.of(bySdk, byTasks)) {
      owner.amendContract(product).contract(contract(Ride.class, "code")).commit();
    }
    equal(300, 302, "onViolation QUARANTINE");
    for (String product : List.of(bySdk, byTasks)) {
      owner
          .startRollout(product)
          .contract(tolerant(NextRide.class, "kind"))
          .because("codes are kinds")
          .withoutHistory()
          .commit()
          .activate()
          .commit();
    }
    equal(26, 28, "majorVersion 1", "alsoTo 2");
    equal(26, 27, "majorVersion 1", "replaceWhere code = 'a'", "alsoTo 2 kind = 'A'");
    equal(26, 27, "majorVersion 1", "replaceWhere code = 'a'", "alsoTo 2 kind = 'B'");
    assertThat(rows(byTasks, 2)).hasSize(2);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void theCodeOfCustomRulesChecksRowsInTheTasksAsInTheSdk() {
    define(
        "checked",
        tolerant(Ride.class, "code")
            .require(
                Rule.custom("sound", 1),
                Rule.custom("winter", 1).tolerateRows(2).where("id < 900"),
                Rule.custom("other", 1).warn()));
    equal(0, 80, "customRule sound", "customRule winter", "idempotencyKey day-1");
    equal(0, 80, "idempotencyKey day-1");
    equal(100, 104, "customRule sound", "customRule winter", "onViolation REJECT");
    equal(104, 120, "customRule sound", "customRule winter", "onViolation REJECT");
    equal(330, 340, "customRule sound", "customRule winter", "customRule other");
    equal(340, 350, "customRule sound", "customRule winter", "customRule unknown");
    assertThat(quarantined(byTasks, 1).toString()).contains("custom.sound", "custom.winter");
    for (String product : List.of(bySdk, byTasks)) {
      owner
          .startRollout(product)
          .contract(tolerant(NextRide.class, "kind").require(Rule.custom("kind", 1)))
          .because("codes are kinds")
          .withoutHistory()
          .commit()
          .activate()
          .commit();
    }
    equal(
        500,
        560,
        "majorVersion 1",
        "alsoTo 2",
        "customRule sound",
        "customRule winter",
        "customRule kind");
    assertThat(rows(byTasks, 2)).isNotEmpty();
    assertThat(quarantined(byTasks, 2).toString()).contains("custom.kind");
    String start = "VERBS mesh " + byTasks + " | majorVersion 1 | alsoTo 2 | customRule winter | ";
    assertThat(spark.sql(start + rides(600, 610)).failure())
        .startsWith("INVALID_ARGUMENT ")
        .contains("rule custom.sound is custom, and the code 'sound' version 1 is not registered");
    assertThat(spark.sql(start + "customRule unsendable | " + rides(600, 610)).failure())
        .startsWith("INVALID_ARGUMENT ")
        .contains("the code 'unsendable' version 1 cannot be sent to tasks");
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aRefusalIsKnownAsThatOfTheSdk() {
    define("refused", contract(Ride.class, "code"));
    equal(0, 5);
    equal(0, 200, "idempotencyKey day-1");
    equal(2, 4, "because a test");
    assertThat(owner.health(byTasks).lastRefused()).isPresent();
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aMapKeepsTheOrderOfItsKeysAsInTheSdk() {
    Map<String, String> codes = new LinkedHashMap<>();
    List.of("zeta", "alpha", "mike", "beta").forEach(key -> codes.put(key, "of " + key));
    bySdk = "mobility/coded-by-sdk";
    byTasks = "mobility/coded-by-tasks";
    for (String product : List.of(bySdk, byTasks)) {
      owner
          .defineProduct(product)
          .contract(
              Contract.of(CodedRide.class)
                  .require(Rule.atLeast("id", 1))
                  .onViolation(OnViolation.QUARANTINE)
                  .maxQuarantineShare(60))
          .commit();
    }
    owner
        .publish(bySdk)
        .records(List.of(new CodedRide(0, codes), new CodedRide(1, codes)))
        .commit();

    spark
        .sql(
            "INSERT INTO mesh.mobility.coded_by_tasks_v1 SELECT id, map('zeta', 'of zeta', 'alpha',"
                + " 'of alpha', 'mike', 'of mike', 'beta', 'of beta') FROM range(2)")
        .rowsOrThrow();

    assertThat(rows(byTasks, 1)).isEqualTo(rows(bySdk, 1)).hasSize(1);
    assertThat(quarantined(byTasks, 1)).isEqualTo(quarantined(bySdk, 1)).hasSize(1);

    spark
        .sql(
            "INSERT INTO mesh.mobility.coded_by_tasks_v1 SELECT id + 1,"
                + " map(CAST(IF(id = 0, X'FF', X'41') AS STRING), 'a', 'b', 'b') FROM range(2)")
        .rowsOrThrow();

    assertThat(rows(byTasks, 1)).hasSize(2);
    assertThat(quarantined(byTasks, 1)).as("a key that is not UTF-8").hasSize(2);
  }

  @Test
  void aConditionWithNaNOrInfinityIsRefusedByName() {
    define("measured", tolerant(Ride.class, "code"));
    for (String number : List.of("NaN", "Infinity")) {
      String statement =
          "INSERT INTO mesh.mobility.measured_by_tasks_v1 REPLACE WHERE fare > double('"
              + number
              + "') "
              + rides(0, 1);
      assertThat(spark.sql(statement).failure())
          .startsWith("FILTER_INVALID ")
          .contains("fare > " + number, "Nothing was published.");
    }
  }

  @Test
  void aMergeThatOnlyInsertsIsRefusedAsAnyOther() {
    define("merged", tolerant(Ride.class, "code"));
    String statement =
        "MERGE INTO mesh.mobility.merged_by_tasks_v1 AS old USING ("
            + rides(0, 1)
            + ") AS new ON old.id = new.id WHEN NOT MATCHED THEN INSERT *";
    assertThat(spark.sql(statement).failure())
        .startsWith("INVALID_ARGUMENT ")
        .contains("as MERGE does", "REPLACE WHERE", "keepLatestBy");
  }

  @Test
  void theJobOfTheGuidePublishesRawFilesOnce() throws IOException {
    owner.defineProduct("mobility/green-trips").contract(tolerant(Trip.class, "zone")).commit();
    List<String> job = jobOfTheGuide();
    assertThat(job).hasSize(3);
    String raw = job.get(0).replaceFirst("(?s).*parquet.`(.*)`.*", "$1");
    assertThat(
            spark
                .sql(
                    "INSERT OVERWRITE DIRECTORY '"
                        + raw
                        + "' USING parquet SELECT id, fare, CAST(1 AS DECIMAL(9,2)) AS tip, day, at,"
                        + " code AS zone FROM ("
                        + rides(0, 120)
                        + ")")
                .failure())
        .isEmpty();
    for (int run = 0; run < 2; run++) {
      spark.sql(job.get(0)).rowsOrThrow();
      List<JsonNode> receipts = spark.sql(job.get(1)).rowsOrThrow();
      assertThat(receipts).hasSize(1);
      int bad = receipts.get(0).get("rows_quarantined").asInt();
      assertThat(bad).isPositive().isEqualTo(120 - receipts.get(0).get("rows_accepted").asInt());
      assertThat(receipts.get(0).get("failing_rows").has("between.fare")).isTrue();
      assertThat(spark.sql(job.get(2)).rowsOrThrow())
          .hasSize(bad)
          .allSatisfy(row -> assertThat(row.get("row").asText()).contains("\"zone\""));
    }
  }

  /** The statements in the guide, over files in this folder. */
  private List<String> jobOfTheGuide() throws IOException {
    String text = Files.readString(Path.of(System.getProperty("basedir"), GUIDE));
    String block = text.substring(text.indexOf("```sql\n") + 7);
    return Stream.of(block.substring(0, block.indexOf("```")).split(";", -1))
        .map(statement -> statement.strip().replace('\n', ' '))
        .filter(statement -> !statement.isEmpty())
        .map(statement -> statement.replace("/landing", folder.resolve("landing").toString()))
        .toList();
  }

  /** Publishes some rides by both, whose methods are called in turn. */
  private void equal(int from, int to, String... verbs) {
    Publish<Ride> publish =
        owner
            .publish(bySdk)
            .records(LongStream.range(from, to).mapToObj(SparkVerbsTest::ride).toList());
    for (String verb : verbs) {
      String[] call = (verb + " ").split(" ", 2);
      call(publish, call[0], call[1].strip());
    }
    MeshException refused = catchThrowableOfType(MeshException.class, publish::commit);
    List<String> parts = new ArrayList<>(List.of("VERBS mesh " + byTasks));
    parts.addAll(Arrays.asList(verbs));
    parts.add(rides(from, to));

    Result result = spark.sql(String.join(" | ", parts));

    String called = Arrays.toString(verbs);
    if (refused == null) {
      assertThat(result.failure()).as(called).isEmpty();
    } else {
      assertThat(result.failure()).as(called).startsWith(refused.errorCode() + " ");
      if (!result.failure().contains("Set " + EnginePublish.BECAUSE)) { // other words for a verb
        assertThat(anonymous(result.failure())).as(called).contains(anonymous(refused.reason()));
      }
    }
    assertThat(state(byTasks)).as(called).isEqualTo(state(bySdk));
  }

  /** A text without what differs between two products, and between a row and a row of a task. */
  private String anonymous(String text) {
    return text.replace(byTasks, "P")
        .replace(bySdk, "P")
        .replace("\\n", "\n")
        .replaceAll(" of task 0", "")
        .replaceAll("\"task\":0,", "")
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "T");
  }

  private static void call(Publish<Ride> publish, String verb, String argument) {
    switch (verb) {
      case "idempotencyKey" -> publish.idempotencyKey(argument);
      case "completeUpTo" -> publish.completeUpTo(Instant.parse(argument));
      case "majorVersion" -> publish.majorVersion(Integer.parseInt(argument));
      case "alsoTo" -> alsoTo(publish, argument.split(" ", 2));
      case "customRule" -> publish.customRule(argument, 1, check(argument));
      case "derivedFrom" -> derivedFrom(publish, argument.split(" ", -1));
      case "onViolation" -> publish.onViolation(OnViolation.valueOf(argument));
      case "onlyMajorVersion" -> publish.onlyMajorVersion(Integer.parseInt(argument));
      case "because" -> publish.because(argument);
      case "replacePartitions" -> publish.replacePartitions();
      case "replaceAll" -> publish.replaceAll();
      case "replaceWhere" -> publish.replaceWhere(argument);
      case "allowEmpty" -> publish.allowEmpty();
      case "timeout" -> publish.timeout(Duration.parse(argument));
      default -> throw new IllegalArgumentException("no verb " + verb);
    }
  }

  private static void alsoTo(Publish<Ride> publish, String[] words) {
    int major = Integer.parseInt(words[0]);
    if (words.length == 1) {
      publish.alsoTo(major, NextRide::of);
    } else {
      publish.alsoTo(major, NextRide::of, words[1]);
    }
  }

  /** The code of a custom rule, which gets a row as an Avro record. */
  private static Predicate<GenericRecord> check(String name) {
    return switch (name) {
      case "sound" -> SparkVerbsTest::isSound;
      case "winter" ->
          row -> LocalDate.ofEpochDay((Integer) row.get("day")).isBefore(LocalDate.of(2024, 2, 20));
      case "kind" -> row -> !"E".equals(row.get("kind"));
      default -> row -> true;
    };
  }

  private static boolean isSound(GenericRecord row) {
    if (row.get("id").equals(333L)) {
      throw new IllegalStateException("of a row");
    }
    return !"b".equals(row.get("code"));
  }

  private static void derivedFrom(Publish<Ride> publish, String[] words) {
    publish.derivedFrom(
        new Snapshot(
            ProductName.of(words[0]),
            ContractVersion.parse(words[1]),
            words[2],
            0,
            Instant.EPOCH,
            0),
        Arrays.copyOfRange(words, 3, words.length));
  }

  /** What the mesh knows about a product, in comparable texts. */
  private List<String> state(String product) {
    List<String> all = new ArrayList<>();
    owner.publishHistory(product).receipts().forEach(each -> all.add(text(each)));
    owner
        .publishHistory(product)
        .quality()
        .forEach(each -> all.add("quality of " + each.contract() + " " + each.qualityScore()));
    owner
        .publishHistory(product)
        .changes()
        .forEach(
            each ->
                all.add(
                    each.mode()
                        + " by "
                        + each.by()
                        + " "
                        + each.because()
                        + " "
                        + each.scope()
                        + " "
                        + each.rowsAdded()
                        + " "
                        + each.rowsRemoved()
                        + " "
                        + each.rowsTotal()
                        + " "
                        + each.qualityScore()));
    owner.events(product).list().forEach(each -> all.add(text(each)));
    owner.health(product).lastRefused().ifPresent(each -> all.add(text(each)));
    all.add("health " + owner.health(product).status());
    for (int major = 1; major <= owner.describe(product).versions().size(); major++) {
      rows(product, major).forEach(row -> all.add("row " + row));
      all.addAll(quarantined(product, major));
    }
    return all;
  }

  private String text(RefusedPublish refused) {
    return "refused by "
        + refused.by()
        + " "
        + refused.idempotencyKey()
        + " "
        + refused.rules()
        + " "
        + refused.failed()
        + " "
        + anonymous(refused.reason());
  }

  private String text(MeshEvent event) {
    return event.typeName() + " " + event.principal() + " " + comparable(event.details());
  }

  /** Details without IDs, and without the number of files, of which each task writes some. */
  private Object comparable(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> kept = new TreeMap<>();
      map.forEach(
          (key, each) -> {
            if (!List.of("publishId", "snapshot", "snapshotId", "files", "createdAt")
                .contains(key)) {
              kept.put((String) key, comparable(each));
            }
          });
      return kept;
    }
    return value instanceof List<?> list
        ? list.stream().map(this::comparable).toList()
        : anonymous(String.valueOf(value));
  }

  private String text(PublishReceipt receipt) {
    QualityReport quality = receipt.quality();
    StringBuilder text = new StringBuilder();
    text.append(receipt.contractVersion())
        .append(receipt.keyWasGiven() ? " key " + receipt.idempotencyKey() : " no key")
        .append(" ")
        .append(receipt.mode())
        .append(receipt.scope())
        .append(receipt.because())
        .append(receipt.dataTime())
        .append(receipt.derivedFrom())
        .append(" removed ")
        .append(receipt.rowsRemoved())
        .append(" and ")
        .append(receipt.quarantineRowsRemoved())
        .append(" late ")
        .append(receipt.lateRows())
        .append(" offered ")
        .append(quality.rowsOffered())
        .append(" accepted ")
        .append(quality.rowsAccepted())
        .append(" quarantined ")
        .append(quality.rowsQuarantined())
        .append(" score ")
        .append(quality.qualityScore())
        .append(" of majors ")
        .append(receipt.otherVersions().stream().map(PublishReceipt::major).toList());
    quality
        .rules()
        .forEach(
            rule ->
                text.append("\n  ")
                    .append(rule.ruleId())
                    .append(" ")
                    .append(rule.outcome())
                    .append(" ")
                    .append(rule.failingRows())
                    .append(" of ")
                    .append(rule.evaluatedRows())
                    .append(" ")
                    .append(rule.measure())
                    .append(anonymous(rule.samples().toString())));
    quality.violations().forEach(each -> text.append("\n  ").append(anonymous(each.toString())));
    return text.toString();
  }

  private List<String> rows(String product, int major) {
    try (Rows<Map<String, Object>> rows = owner.read(product).majorVersion(major).asMaps().rows()) {
      return rows.stream().map(Map::toString).sorted().toList();
    }
  }

  private List<String> quarantined(String product, int major) {
    try (Rows<Map<String, Object>> rows =
        owner.quarantine(product).majorVersion(major).asMaps().rows()) {
      return rows.stream()
          .map(row -> row.get("rules") + " " + row.get("reason") + " " + row.get("row"))
          .map(this::anonymous)
          .sorted()
          .toList();
    }
  }

  /** The rides as a query in one task. */
  private static String rides(int from, int to) {
    return "SELECT if(id % 50 = 49, id - 1, id) AS id,"
        + " if(id % 11 = 0, NULL, CAST(id % 97 AS DOUBLE)) AS fare,"
        + " if(id % 26 = 3, NULL, chr(CAST(97 + id % 26 AS INT))) AS code,"
        + " date_add(DATE'2024-01-01', CAST(id % 60 AS INT)) AS day,"
        + " timestamp_micros(1704067200000000 + id * 3600000000) AS at FROM range("
        + from
        + ", "
        + to
        + ", 1, 1)";
  }

  private static Ride ride(long id) {
    return new Ride(
        id % 50 == 49 ? id - 1 : id,
        id % 11 == 0 ? Optional.empty() : Optional.of((double) (id % 97)),
        id % 26 == 3 ? Optional.empty() : Optional.of("" + (char) ('a' + id % 26)),
        LocalDate.of(2024, 1, 1).plusDays(id % 60),
        Instant.parse("2024-01-01T00:00:00Z").plus(Duration.ofHours(id)));
  }
}
