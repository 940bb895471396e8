package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.examples.spark.SparkProcess.Result;
import io.meshwork.publish.PublishReceipt;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Appends by {@link MeshSparkCatalog}, beside publishes of the same rows by the SDK. */
final class CheckedAppends {
  private static final String BY_SPARK = "mobility/rides";
  private static final String BY_SDK = "mobility/rides-sdk";
  private static final String TABLE = "checked.mobility.rides_v1";
  private static final int ROWS = 20_000;

  /** Where a ride ends. */
  record Stop(String zone, Optional<Integer> seats) {}

  /** A row of a small product. */
  record Zone(long id, String zone) {}

  /** A row. */
  record Ride(
      long id,
      Optional<Double> fare,
      @io.meshwork.contract.Column(precision = 9, scale = 2) BigDecimal tip,
      LocalDate day,
      Instant at,
      Optional<String> code,
      List<String> tags,
      Map<String, Integer> seats,
      Stop stop) {}

  /** A row of the next major version, which has a kind instead of a code. */
  record NextRide(
      long id,
      Optional<Double> fare,
      @io.meshwork.contract.Column(precision = 9, scale = 2) BigDecimal tip,
      LocalDate day,
      Instant at,
      Optional<String> kind,
      List<String> tags,
      Map<String, Integer> seats,
      Stop stop) {
    /** Returns null for a ride that has no kind in the next major version. */
    static NextRide of(Ride ride) {
      return ride.code().filter("c"::equals).isPresent()
          ? null
          : new NextRide(
              ride.id(),
              ride.fare(),
              ride.tip(),
              ride.day(),
              ride.at(),
              ride.code().map(code -> code.toUpperCase(Locale.ROOT)),
              ride.tags(),
              ride.seats(),
              ride.stop());
    }
  }

  private static final Contract CONTRACT =
      Contract.of(Ride.class)
          .require(
              Rule.between("fare", 0, 90),
              Rule.matches("code", "[a-y]"),
              Rule.notNull("fare").warn(),
              Rule.completeness("fare", 50),
              Rule.mean("fare", 10, 80).warn(),
              Rule.sum("tip", 0, 900_000),
              Rule.stddev("fare", 0, 40).warn(),
              Rule.unique("id"),
              Rule.notNull("code").toleratePercent(2),
              Rule.notNull("fare").tolerateRows(ROWS).id("fare-given"),
              Rule.distinctCount("day", 1, 60))
          .onViolation(OnViolation.QUARANTINE)
          .maxQuarantineShare(30);

  private final SparkProcess spark;
  private final MeshClient owner;
  private final Supplier<Set<String>> files;
  private final boolean hasOptions;

  /**
   * Creates the appends.
   *
   * @param files the data files of the mesh
   * @param version of Spark
   */
  CheckedAppends(
      SparkProcess spark, MeshClient owner, Supplier<Set<String>> files, String version) {
    this.spark = spark;
    this.owner = owner;
    this.files = files;
    this.hasOptions = !version.startsWith("3.5");
  }

  void run() {
    for (String product : List.of(BY_SPARK, BY_SDK)) {
      owner.defineProduct(product).contract(CONTRACT).partitionBy(Partition.month("day")).commit();
    }
    tasksPublishWhatTheSdkPublishes();
    if (hasOptions) {
      aUsedKeyPublishesOnce();
      anOptionThatDoesNotExistIsRefused();
      aDistributionByPartitionWritesFewFiles();
    }
    rowsThatSkipTheTasksAreRejected();
    aNullInARequiredColumnIsQuarantined();
    aTextThatIsNotUtf8IsQuarantined();
    overwritesReplaceWhatTheSdkReplaces();
    rowsThatBreakAStrictContractLeaveNothing();
    whatTasksCannotDecideIsRefusedByName();
    receiptsAreATableOfTheOwner();
    aProgramGetsTheReceipt();
    aMappingMakesTheRowsOfAnotherMajorVersion();
    readersSeeTheRows();
  }

  private void tasksPublishWhatTheSdkPublishes() {
    PublishReceipt expected =
        owner
            .publish(BY_SDK)
            .records(LongStream.range(0, ROWS).mapToObj(CheckedAppends::ride))
            .commit();
    succeed(keyed() + rides(ROWS));

    PublishReceipt receipt = owner.publishHistory(BY_SPARK).receipts().get(0);
    assertThat(receipt.keyWasGiven()).isEqualTo(hasOptions);
    assertThat(summary(receipt.quality())).isEqualTo(summary(expected.quality()));
    assertThat(receipt.quality().rowsQuarantined()).isGreaterThan(100);
    assertThat(rows(BY_SPARK)).isEqualTo(rows(BY_SDK));
    assertThat(quarantined(BY_SPARK)).isEqualTo(quarantined(BY_SDK));
    assertThat(receipt.files()).isGreaterThan(1);
  }

  private String keyed() {
    return "INSERT INTO " + TABLE + (hasOptions ? " WITH ('meshwork.key' = 'day-1') " : " ");
  }

  private void aUsedKeyPublishesOnce() {
    Set<String> before = files.get();
    succeed(keyed() + rides(ROWS));
    assertThat(owner.publishHistory(BY_SPARK).receipts()).hasSize(1);
    assertThat(files.get()).isEqualTo(before);
  }

  private void aNullInARequiredColumnIsQuarantined() {
    succeed(
        "INSERT INTO "
            + TABLE
            + " SELECT if(id = 7, NULL, id + 1000000), fare, tip, day, at, code, tags, seats, stop FROM ("
            + rides(100)
            + ")");
    PublishReceipt receipt = owner.publishHistory(BY_SPARK).receipts().get(1);
    assertThat(receipt.failingRowsByRule()).containsEntry("type:id", 1L);
  }

  private void aTextThatIsNotUtf8IsQuarantined() {
    succeed(
        "INSERT INTO "
            + TABLE
            + " SELECT id + 2000000, fare, tip, day, at, if(id = 7, CAST(X'61FF' AS STRING), code), tags,"
            + " seats, stop FROM ("
            + rides(100)
            + ")");
    PublishReceipt receipt = owner.publishHistory(BY_SPARK).receipts().get(2);
    assertThat(receipt.failingRowsByRule()).containsEntry("type:code", 1L);
  }

  private void overwritesReplaceWhatTheSdkReplaces() {
    owner.publish(BY_SDK).replaceAll().records(rides(0, 2_000, LocalDate.MAX)).commit();
    succeed("INSERT OVERWRITE " + TABLE + " " + rides(2_000));
    assertThat(rows(BY_SPARK)).isEqualTo(rows(BY_SDK));

    succeed("SET spark.sql.sources.partitionOverwriteMode=dynamic");
    List<Ride> january = rides(0, 900, LocalDate.of(2024, 1, 20));
    owner.publish(BY_SDK).replacePartitions().records(january).commit();
    succeed("INSERT OVERWRITE " + TABLE + from(900, "2024-01-20"));
    assertThat(rows(BY_SPARK)).isEqualTo(rows(BY_SDK));

    List<Ride> first = rides(0, 700, LocalDate.of(2024, 1, 9));
    String where = "day < DATE '2024-01-09' AND (stop.zone IS NOT NULL OR id IN (1, 2))";
    owner.publish(BY_SDK).replaceWhere(where).records(first).commit();
    succeed("INSERT INTO " + TABLE + " REPLACE WHERE " + where + from(700, "2024-01-09"));
    assertThat(rows(BY_SPARK)).isEqualTo(rows(BY_SDK));
    where =
        "code LIKE 'c%' OR code LIKE '%d' OR NOT (code LIKE '%e%' OR code IN ('f', 'g') OR id < 9)";
    List<Ride> ofCodes =
        rides(0, 400, LocalDate.MAX).stream()
            .filter(ride -> ride.code().filter(List.of("c", "d")::contains).isPresent())
            .toList();
    owner.publish(BY_SDK).replaceWhere(where).records(ofCodes).commit();
    succeed(
        "INSERT INTO "
            + TABLE
            + " REPLACE WHERE "
            + where
            + " SELECT * FROM ("
            + rides(400)
            + ") WHERE code IN ('c', 'd')");
    assertThat(rows(BY_SPARK)).isEqualTo(rows(BY_SDK)).isNotEmpty();

    List<Ride> fewer = rides(0, 300, LocalDate.of(2024, 1, 20));
    owner.publish(BY_SDK).replacePartitions().records(fewer).commit();
    succeed("OVERWRITE partitions " + TABLE + from(300, "2024-01-20"));
    assertThat(rows(BY_SPARK)).isEqualTo(rows(BY_SDK)).isNotEmpty();
    List<Ride> week = rides(0, 500, LocalDate.of(2024, 1, 8));
    owner.publish(BY_SDK).replaceWhere("day < DATE '2024-01-08'").records(week).commit();
    succeed("OVERWRITE day<DATE'2024-01-08' " + TABLE + from(500, "2024-01-08"));
    assertThat(rows(BY_SPARK)).isEqualTo(rows(BY_SDK)).isNotEmpty();
    assertThat(owner.publishHistory(BY_SPARK).receipts())
        .extracting(PublishReceipt::mode)
        .endsWith(
            PublishReceipt.PublishMode.REPLACE_PARTITIONS,
            PublishReceipt.PublishMode.REPLACE_WHERE);
    assertThat(spark.sql("INSERT INTO " + TABLE + " REPLACE WHERE id < 5 " + rides(9)).failure())
        .contains("the filter of the rows to replace", "4 rows");
  }

  private static String from(int rows, String before) {
    return " SELECT * FROM (" + rides(rows) + ") WHERE day < DATE'" + before + "'";
  }

  private static List<Ride> rides(int from, int to, LocalDate before) {
    return LongStream.range(from, to)
        .mapToObj(CheckedAppends::ride)
        .filter(ride -> ride.day().isBefore(before))
        .toList();
  }

  private void rowsThatBreakAStrictContractLeaveNothing() {
    owner
        .defineProduct("mobility/strict")
        .contract(CONTRACT.onViolation(OnViolation.REJECT))
        .commit();
    Set<String> before = files.get();
    Result refused = spark.sql("INSERT INTO checked.mobility.strict_v1 " + rides(ROWS));
    assertThat(refused.failure())
        .startsWith("CONTRACT_VIOLATED ")
        .contains("between.fare", "task ");
    assertThat(files.get()).isEqualTo(before);
    assertThat(owner.publishHistory("mobility/strict").receipts()).isEmpty();
  }

  private void whatTasksCannotDecideIsRefusedByName() {
    owner
        .defineProduct("mobility/referring")
        .contract(Contract.of(Ride.class).require(Rule.references("id", BY_SDK, "id").id("known")))
        .commit();
    long known;
    try (Rows<?> rows = owner.read(BY_SDK).where("id < 10").rows()) {
      known = rows.stream().count();
    }
    assertThat(known).isBetween(1L, 9L);
    Set<String> before = files.get();
    assertThat(spark.sql("INSERT INTO checked.mobility.referring_v1 " + rides(10)).failure())
        .contains(
            "Rule known", "failed in " + (10 - known) + " of 10 rows", "compared with snapshot");
    for (String statement :
        List.of(
            "UPDATE " + TABLE + " SET fare = 1",
            "DELETE FROM " + TABLE + " WHERE fare = 1",
            "MERGE INTO "
                + TABLE
                + " t USING (SELECT 1L AS id) s ON t.id = s.id WHEN MATCHED THEN DELETE")) {
      assertThat(spark.sql(statement).failure())
          .as(statement)
          .startsWith("INVALID_ARGUMENT ")
          .contains("Nothing was published", "REPLACE WHERE", "MeshClient.erase", "keepLatestBy");
    }
    assertThat(
            spark
                .sql("INSERT INTO " + TABLE + " REPLACE WHERE startswith(code, 'a%') " + rides(10))
                .failure())
        .startsWith("FILTER_INVALID ")
        .contains("Nothing was published", "LIKE without % or _");
    assertThat(files.get()).isEqualTo(before);
  }

  private void anOptionThatDoesNotExistIsRefused() {
    assertThat(
            spark
                .sql("INSERT INTO " + TABLE + " WITH ('meshwork.kye' = 'x') " + rides(10))
                .failure())
        .startsWith("INVALID_ARGUMENT ")
        .contains("the option meshwork.kye is unknown", "meshwork.distribution");
    assertThat(
            spark
                .sql("INSERT INTO " + TABLE + " WITH ('meshwork.distribution' = 'x') " + rides(10))
                .failure())
        .startsWith("INVALID_ARGUMENT ")
        .contains("Set it to partitions or none");
  }

  private void rowsThatSkipTheTasksAreRejected() {
    String product = "mobility/read-too";
    owner
        .defineProduct(product)
        .contract(
            Contract.of(Zone.class)
                .require(Rule.matches("zone", "[a-y]"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(50))
        .commit();
    String table = "checked.mobility.read_too_v1";
    String into = "INSERT INTO " + table + (hasOptions ? " WITH ('Meshwork.Key' = 'first')" : "");
    String zones = " SELECT * FROM VALUES (1L, 'a'), (2L, 'b'), (3L, 'z') AS s(id, zone)";
    String others = zones + " LEFT ANTI JOIN " + table + " %s t ON s.id = t.id";
    Set<String> before = files.get();
    for (String statement :
        List.of(
            into + String.format(Locale.ROOT, others, ""),
            "INSERT OVERWRITE " + table + String.format(Locale.ROOT, others, ""),
            "SAVE append " + table + zones)) {
      assertThat(spark.sql(statement).failure())
          .as(statement)
          .startsWith("INVALID_ARGUMENT ")
          .contains("no task checked the rows", "VERSION AS OF 'main'", "writeTo(..)");
      assertThat(files.get()).as(statement).isEqualTo(before);
    }
    assertThat(
            spark.sql(into + zones + " WHERE id NOT IN (SELECT id FROM " + table + ")").failure())
        .startsWith("INVALID_ARGUMENT ")
        .contains("the statement also reads the table", "VERSION AS OF 'main'");
    assertThat(files.get()).isEqualTo(before);
    assertThat(owner.publishHistory(product).receipts()).isEmpty();

    succeed("INSERT INTO " + table + " SELECT 2L, 'c'");
    succeed(into + String.format(Locale.ROOT, others, "VERSION AS OF 'main'"));
    PublishReceipt receipt = owner.publishHistory(product).receipts().get(1);
    assertThat(receipt.keyWasGiven()).isEqualTo(hasOptions);
    assertThat(receipt.rowsAccepted()).isEqualTo(1);
    assertThat(receipt.failingRowsByRule()).containsEntry("matches.zone", 1L);
    before = files.get();
    for (String statement :
        List.of(
            "MERGE INTO "
                + table
                + " t USING (SELECT id + 1 AS id, zone FROM "
                + table
                + ") s ON t.id = s.id WHEN MATCHED THEN UPDATE SET zone = s.zone",
            "DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table + " WHERE id < 2)",
            "UPDATE " + table + ".branch_main SET zone = 'd'",
            "DELETE FROM " + table + ".branch_main WHERE id = 2")) {
      assertThat(spark.sql(statement).failure())
          .as(statement)
          .startsWith("INVALID_ARGUMENT ")
          .contains("Nothing was published", "REPLACE WHERE", "MeshClient.erase");
      assertThat(files.get()).as(statement).isEqualTo(before);
    }
    assertThat(owner.publishHistory(product).receipts()).hasSize(2);
    succeed("INSERT INTO " + table + ".branch_main VALUES (3L, 'd')");
    assertThat(owner.publishHistory(product).receipts()).hasSize(3);
    succeed("ALTER TABLE " + table + " CREATE BRANCH audit");
    succeed("INSERT INTO " + table + ".branch_audit VALUES (9L, 'i')");
    succeed("ALTER TABLE " + table + " DROP BRANCH audit");
    succeed(
        "CALL checked.system.rewrite_data_files(table => 'mobility.read_too_v1', options =>"
            + " map('rewrite-all', 'true'))");
    assertThat(owner.read(product).files()).hasSize(1);
    assertThat(rows(product)).hasSize(3);
  }

  private void aDistributionByPartitionWritesFewFiles() {
    String product = "mobility/clustered";
    owner
        .defineProduct(product)
        .contract(CONTRACT)
        .partitionBy(Partition.month("day"), Partition.bucket("id", 4))
        .commit();
    String table = "checked.mobility.clustered_v1";
    succeed("INSERT INTO " + table + " " + rides(900));
    succeed(
        "INSERT INTO "
            + table
            + " WITH ('meshwork.distribution' = 'partitions') SELECT id + 1000, fare, tip, day, at,"
            + " code, tags, seats, stop FROM ("
            + rides(900)
            + ")");
    List<PublishReceipt> receipts = owner.publishHistory(product).receipts();
    assertThat(receipts.get(0).files()).isGreaterThan(16);
    assertThat(receipts.get(1).files()).isLessThanOrEqualTo(8);
    assertThat(receipts.get(1).quality().rowsAccepted())
        .isEqualTo(receipts.get(0).quality().rowsAccepted());
  }

  private void receiptsAreATableOfTheOwner() {
    DateTimeFormatter milliseconds =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    List<String> expected = new ArrayList<>();
    for (PublishReceipt receipt : owner.publishHistory(BY_SPARK).receipts()) {
      expected.add(
          Stream.of(
                  milliseconds.format(receipt.committedAt()),
                  receipt.mode().text(),
                  receipt.keyWasGiven() ? receipt.idempotencyKey() : null,
                  receipt.publishId(),
                  receipt.contractVersion(),
                  receipt.quality().rowsOffered(),
                  receipt.rowsAccepted(),
                  receipt.quality().rowsQuarantined(),
                  receipt.rowsRemoved(),
                  receipt.lateRows(),
                  receipt.quality().qualityScore().orElseThrow(),
                  new TreeMap<>(receipt.failingRowsByRule()),
                  receipt.dataTime().map(milliseconds::format).orElse(null),
                  receipt.files(),
                  receipt.bytes(),
                  receipt.snapshotId().orElseThrow(),
                  receipt.sequence().stream().boxed().findFirst().orElse(null))
              .map(String::valueOf)
              .collect(Collectors.joining(",", "[", "]")));
    }
    assertThat(spark.sql("SELECT * FROM " + TABLE + ".receipts LIMIT 1").rows())
        .allSatisfy(row -> assertThat(row.size()).isEqualTo(17));
    String time = "date_format(%s, \"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\")";
    Result listed =
        spark.sql(
            "SELECT "
                + time.formatted("committed_at")
                + ", mode, idempotency_key, publish_id, contract_version, rows_offered,"
                + " rows_accepted, rows_quarantined, rows_removed, late_rows, quality_score,"
                + " concat('{', array_join(transform(array_sort(map_entries(failing_rows)),"
                + " e -> concat(e.key, '=', e.value)), ', '), '}'), "
                + time.formatted("complete_up_to")
                + ", files, bytes, snapshot_id, sequence FROM "
                + TABLE
                + ".receipts");
    assertThat(listed.failure()).isEmpty();
    assertThat(SparkTest.values(listed)).isEqualTo(expected);
    assertThat(spark.sql("SELECT * FROM stranger.mobility.rides_v1.receipts").failure())
        .startsWith("NOT_OWNER ");
    assertThat(spark.sql("SELECT * FROM checked.mobility.nothing_v1.receipts").failure())
        .startsWith("TABLE_OR_VIEW_NOT_FOUND ");
    assertThat(spark.sql("INSERT INTO " + TABLE + ".receipts " + rides(1)).failure()).isNotEmpty();
  }

  private void aProgramGetsTheReceipt() {
    String product = "mobility/programs";
    owner.defineProduct(product).contract(CONTRACT).commit();
    JsonNode first = publish("program-1", product, rides(200));
    Set<String> before = files.get();
    JsonNode again = publish("program-1", product, rides(200));
    JsonNode unnamed = publish("-", product, rides(250) + " WHERE id >= 200");

    assertThat(first.get("rows").get("offered").asInt()).isEqualTo(200);
    assertThat(first.get("dataTime").asText()).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(first.get("replayed").asBoolean()).isFalse();
    assertThat(again.get("publishId")).isEqualTo(first.get("publishId"));
    assertThat(again.get("replayed").asBoolean()).isTrue();
    assertThat(unnamed.get("rows").get("offered").asInt()).isEqualTo(50);
    assertThat(files.get()).containsAll(before);
    assertThat(owner.publishHistory(product).findReceipt("program-1"))
        .hasValueSatisfying(
            receipt -> assertThat(receipt.publishId()).isEqualTo(first.get("publishId").asText()));
    assertThat(spark.sql("PUBLISH program-2 mobility/strict " + rides(300)).failure())
        .startsWith("CONTRACT_VIOLATED ");
    assertThat(spark.sql("PUBLISH program-2 mobility/nothing " + rides(1)).failure())
        .startsWith("NOT_FOUND ");
  }

  private void aMappingMakesTheRowsOfAnotherMajorVersion() {
    Contract next =
        Contract.of(NextRide.class)
            .require(Rule.notInSet("kind", "D"), Rule.unique("id"))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(50);
    for (String product : List.of("mobility/mapped", "mobility/mapped-sdk")) {
      owner.defineProduct(product).contract(CONTRACT.maxQuarantineShare(50)).commit();
      owner
          .startRollout(product)
          .contract(next)
          .because("codes are kinds")
          .withoutHistory()
          .commit()
          .activate()
          .commit();
    }
    PublishReceipt expected =
        owner
            .publish("mobility/mapped-sdk")
            .records(rides(0, 1_200, LocalDate.MAX))
            .majorVersion(1)
            .alsoTo(2, NextRide::of)
            .commit();

    Result published = spark.sql("PUBLISH_BOTH both mobility/mapped " + rides(1_200));

    assertThat(published.failure()).isEmpty();
    PublishReceipt receipt =
        owner.publishHistory("mobility/mapped").findReceipt("both").orElseThrow();
    assertThat(summary(receipt.quality())).isEqualTo(summary(expected.quality()));
    for (int major : List.of(1, 2)) {
      assertThat(rows("mobility/mapped", major))
          .isEqualTo(rows("mobility/mapped-sdk", major))
          .isNotEmpty();
      assertThat(quarantined("mobility/mapped", major))
          .isEqualTo(quarantined("mobility/mapped-sdk", major))
          .isNotEmpty();
    }
  }

  private JsonNode publish(String key, String product, String query) {
    Result published = spark.sql("PUBLISH " + key + " " + product + " " + query);
    assertThat(published.failure()).isEmpty();
    return published.rows().get(0);
  }

  private void readersSeeTheRows() {
    Result counted = spark.sql("SELECT count(*) FROM " + TABLE);
    assertThat(counted.failure()).isEmpty();
    assertThat(SparkTest.values(counted)).containsExactly("[" + rows(BY_SPARK).size() + "]");
  }

  private void succeed(String statement) {
    assertThat(spark.sql(statement).failure()).as(statement).isEmpty();
  }

  /** The first rows, as a query in several tasks. */
  private static String rides(int rows) {
    return "SELECT if(id % 500 = 499, id div 2, id) AS id, if(id % 11 = 0, NULL, CAST(id % 97 AS DOUBLE)) AS fare,"
        + " CAST(id % 100 AS DECIMAL(9,2)) AS tip,"
        + " date_add(DATE'2024-01-01', CAST(id % 60 AS INT)) AS day,"
        + " timestamp_micros(1700000000000000 + id) AS at,"
        + " if(id % 26 = 3, NULL, chr(CAST(97 + id % 26 AS INT))) AS code,"
        + " array('t', CAST(id % 3 AS STRING)) AS tags,"
        + " map('front', CAST(id % 2 AS INT)) AS seats,"
        + " named_struct('zone', concat('z', id % 5), 'seats', if(id % 2 = 0, NULL, 4)) AS stop"
        + " FROM range(0, "
        + rows
        + ", 1, 3)";
  }

  /** The same row as the SDK publishes it. */
  private static Ride ride(long id) {
    return new Ride(
        id % 500 == 499 ? id / 2 : id,
        id % 11 == 0 ? Optional.empty() : Optional.of((double) (id % 97)),
        new BigDecimal(id % 100).setScale(2),
        LocalDate.of(2024, 1, 1).plusDays(id % 60),
        Instant.EPOCH.plus(1_700_000_000_000_000L + id, ChronoUnit.MICROS),
        id % 26 == 3 ? Optional.empty() : Optional.of("" + (char) ('a' + id % 26)),
        List.of("t", "" + id % 3),
        Map.of("front", (int) (id % 2)),
        new Stop("z" + id % 5, id % 2 == 0 ? Optional.empty() : Optional.of(4)));
  }

  private static List<String> summary(QualityReport report) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                report.rowsOffered() + " " + report.rowsAccepted() + " " + report.rowsQuarantined(),
                "score " + report.qualityScore()));
    report
        .rules()
        .forEach(
            rule ->
                lines.add(
                    rule.ruleId()
                        + " "
                        + rule.outcome()
                        + " "
                        + rule.failingRows()
                        + " of "
                        + rule.evaluatedRows()
                        + " "
                        + rule.measure()));
    return lines;
  }

  private List<String> rows(String product) {
    return rows(product, 1);
  }

  private List<String> rows(String product, int major) {
    try (Rows<?> rows = owner.read(product).majorVersion(major).rows()) {
      return rows.stream().map(Object::toString).sorted().toList();
    }
  }

  private List<String> quarantined(String product) {
    return quarantined(product, 1);
  }

  private List<String> quarantined(String product, int major) {
    try (Rows<Map<String, Object>> rows =
        owner.quarantine(product).majorVersion(major).asMaps().rows()) {
      return rows.stream()
          .map(row -> row.get("rules") + " " + row.get("reason") + " " + row.get("row"))
          .sorted()
          .toList();
    }
  }
}
