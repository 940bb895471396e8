package io.meshwork.spark;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.rowCount;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.Engine;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.examples.spark.SparkProcess.Result;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Onboard.OnboardPlan;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shaded jar in a real Spark: Spark reads what the SDK published and appends rows that
 * statistics prove; other commits are vetoed and leave no files. Uses one session, because starting
 * one takes long.
 */
@DisabledForJreRange(
    minVersion = 23,
    disabledReason = "Spark's Hadoop calls Subject.getSubject, which JDK 23 and later reject")
class SparkTest {
  private static final String TRIPS = "mobility/green-trips";
  private static final String TABLE = "mesh.mobility.green_trips_v1";

  /** A row of the product. */
  record Trip(
      long id,
      double fare,
      @Column(precision = 9, scale = 2) BigDecimal tip,
      LocalDate day,
      Instant at,
      Optional<String> zone) {}

  /** A row whose columns are too diverse for dictionaries. */
  record DiverseText(long id, String text) {}

  /** Number of rows, sum of IDs, and characters of all texts. */
  private static final String READINGS = "[5000,87482500,180000]";

  private static final List<String> ICEBERG_1_10 = List.of("3.5-iceberg-1.10", "4.0");

  @TempDir private Path folder;

  @Test
  void spark41AndTheSdkShareAProduct() throws IOException {
    runSession("4.1");
  }

  /** Iceberg 1.10 supports no Spark 4.1. */
  @ParameterizedTest
  @ValueSource(strings = {"3.5", "3.5-iceberg-1.10", "3.5-iceberg-1.11", "4.0", "4.1-iceberg-1.11"})
  @Tag("nightly")
  void otherVersionsAndTheSdkShareAProduct(String version) throws IOException {
    runSession(version);
  }

  @Test
  @Tag("nightly")
  void icebergBefore111ReadsWhatNamesItAndNoDeltaEncodings() throws IOException {
    Path location = folder.resolve("mesh");
    try (Mesh mesh = LocalMesh.open(location)) {
      MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
      define(owner);
      publishReadings(owner, "mobility/delta", Engine.SPARK);
      publishReadings(owner, "mobility/plain", Engine.SPARK, Engine.SPARK_ICEBERG_1_10);
      try (SparkProcess spark = start("3.5-iceberg-1.10", settings(location))) {
        assertThat(rows(spark, sums("plain_v1"))).containsExactly(READINGS);
        assertThat(spark.sql(sums("delta_v1")).failure()).contains("encoding DELTA_");
      }
    }
  }

  @Test
  void sparkAndTheSdkReadFilesOfSparkWhereTheyAre() throws IOException {
    Path location = folder.resolve("mesh");
    Path lake = folder.resolve("lake");
    Files.createDirectories(lake);
    try (Mesh mesh = LocalMesh.builder(location, Map.of("raw", lake)).open()) {
      MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
      define(owner);
      Map<String, String> settings = settings(location);
      settings.put("spark.sql.catalog.mesh.meshwork.reading-from.raw", lake.toString());
      settings.put("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
      try (SparkProcess spark = start("4.1", settings)) {
        writeRides(spark, lake, "rides");
        OnboardPlan plan = owner.onboard("mobility/rides").from(lake.resolve("rides")).plan();
        assertThat(plan.isAccepted()).as(plan.toString()).isTrue();
        assertThat(plan.commit().rowsAccepted()).isEqualTo(100);
        List<Long> rides = new ArrayList<>();
        try (Rows<GenericRecord> rows = owner.read("mobility/rides").where("zone = 'z3'").rows()) {
          rows.forEach(row -> rides.add((Long) row.get("id")));
        }
        assertThat(rides).hasSize(20);
        assertThat(
                rows(
                    spark,
                    "SELECT count(*), sum(id), sum(fare), min(zone), max(zone), max(at)"
                        + " FROM mesh.mobility.rides_v1"))
            .isEqualTo(
                rows(
                    spark,
                    "SELECT count(*), sum(id), sum(fare), min(zone), max(zone), max(at) FROM"
                        + " parquet.`"
                        + lake.resolve("rides")
                        + "`"));
        assertThat(
                rows(
                    spark,
                    "SELECT count(*), max(zone) FROM mesh.mobility.rides_v1 WHERE zone = 'z3'"))
            .containsExactly("[20,z3]");
        assertThat(spark.sql("CALL mesh.system.expire_snapshots('mobility.rides_v1')").failure())
            .isNotEmpty();
      }
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  /** Files of Spark, whose zone is in the names of folders. */
  private static void writeRides(SparkProcess spark, Path lake, String name) throws IOException {
    assertThat(
            spark
                .sql(
                    "CREATE TABLE spark_catalog.default."
                        + name
                        + " USING parquet PARTITIONED BY (zone) LOCATION '"
                        + lake.resolve(name)
                        + "' AS SELECT id, CAST(id * 0.5 AS DOUBLE) AS fare,"
                        + " timestamp_micros(id * 1000001) AS at, concat('z', id % 5) AS zone"
                        + " FROM range(100)")
                .failure())
        .isEmpty();
  }

  private void runSession(String version) throws IOException {
    Path location = folder.resolve("mesh");
    try (Mesh mesh = LocalMesh.open(location)) {
      MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
      define(owner);
      owner.publish(TRIPS).records(List.of(trip(1, 10.5, "north"), trip(2, 0, null))).commit();
      try (SparkProcess spark = start(version, settings(location))) {
        sparkReadsPublishedRows(spark);
        sparkAppendsProvenRows(spark, owner);
        vetoedCommitsLeaveNoFiles(spark, owner);
        branchesAreCheckedWhenTheyReachMain(spark, owner);
        sparkReadsLaterPublishes(spark, owner);
        compactionKeepsAllRows(spark, owner);
        if (!ICEBERG_1_10.contains(version)) {
          sparkReadsDeltaEncodings(spark, owner);
        }
        new CheckedAppends(spark, owner, this::dataFiles, version).run();
        new SparkWrites(spark, owner, "checked", version).run();
      }
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  /**
   * The settings in docs/running-under-spark.md, with the folder of this mesh: of Iceberg's
   * catalog, named mesh, and of the one whose appends are checked, here named checked, and stranger
   * for another principal.
   */
  private static Map<String, String> settings(Path mesh) throws IOException {
    List<Map<String, String>> blocks = blocks(mesh);
    assertThat(blocks).extracting(Map::size).containsExactly(4, 3);
    Map<String, String> settings = new LinkedHashMap<>();
    blocks.forEach(settings::putAll);
    blocks
        .get(0)
        .forEach(
            (key, value) -> settings.put(key.replace("catalog.mesh", "catalog.checked"), value));
    for (String setting : List.of("", ".warehouse")) {
      settings.put(
          "spark.sql.catalog.stranger" + setting,
          settings.get("spark.sql.catalog.checked" + setting));
    }
    settings.put("spark.sql.catalog.stranger.meshwork.principal", "finance/analyst");
    settings.put("spark.sql.shuffle.partitions", "1");
    return settings;
  }

  private SparkProcess start(String version, Map<String, String> settings) throws IOException {
    return SparkProcess.start(
        new SparkLaunch(version, folder)
            .settings(settings)
            .threads(2)
            .forShortJobs()
            .program(PublishStatements.class),
        folder.resolve("spark.log"));
  }

  private static List<Map<String, String>> blocks(Path mesh) throws IOException {
    List<Map<String, String>> blocks = new ArrayList<>();
    boolean inside = false;
    for (String line :
        Files.readAllLines(
            Path.of(System.getProperty("basedir"), "../../docs/running-under-spark.md"))) {
      if (line.startsWith("```")) {
        inside = line.equals("```properties");
        if (inside) {
          blocks.add(new LinkedHashMap<>());
        }
      } else if (inside) {
        String[] setting = line.split("\\s+", 2);
        blocks
            .get(blocks.size() - 1)
            .put(setting[0], setting[1].replace("/data/mesh", mesh.toString()));
      }
    }
    return blocks;
  }

  private static void define(MeshClient owner) {
    owner.registerDomain("mobility").owner("trips@example.org").commit();
    owner
        .defineProduct(TRIPS)
        .contract(
            Contract.of(Trip.class)
                .require(
                    between("fare", 0, 200),
                    between("tip", 0, 50),
                    between("day", LocalDate.of(2024, 1, 1), LocalDate.of(2024, 12, 31)),
                    rowCount(1, 3),
                    matches("zone", "[a-z]+").warn()))
        .commit();
  }

  private static Trip trip(long id, double fare, String zone) {
    return new Trip(
        id,
        fare,
        new BigDecimal("1.25"),
        LocalDate.of(2024, 2, 29),
        Instant.parse("2024-02-29T12:00:00.123456Z"),
        Optional.ofNullable(zone));
  }

  private static String values(long id, String fare) {
    return "("
        + id
        + ", "
        + fare
        + ", 2.50, DATE '2024-03-01', TIMESTAMP '2024-03-01 08:30:00.5Z', 'south')";
  }

  private static String insert(String... rows) {
    return "INSERT INTO " + TABLE + " VALUES " + String.join(", ", rows);
  }

  private static List<Long> ids(MeshClient owner) {
    try (Rows<Trip> rows = owner.read(TRIPS).as(Trip.class).rows()) {
      return rows.stream().map(Trip::id).sorted().toList();
    }
  }

  private void sparkReadsPublishedRows(SparkProcess spark) {
    assertThat(rows(spark, "SHOW TABLES IN mesh.mobility"))
        .containsExactlyInAnyOrder(
            "[mobility,green_trips_v1,false]", "[mobility,green_trips_v1_quarantine,false]");
    assertThat(
            rows(
                spark,
                "SELECT id, fare, tip, day, CAST(at AS STRING), zone FROM "
                    + TABLE
                    + " ORDER BY id"))
        .containsExactly(
            "[1,10.5,1.25,2024-02-29,2024-02-29 12:00:00.123456,north]",
            "[2,0.0,1.25,2024-02-29,2024-02-29 12:00:00.123456,null]");
  }

  private void sparkAppendsProvenRows(SparkProcess spark, MeshClient owner) {
    rows(spark, insert(values(3, "200.0D"), values(4, "0.0D")));

    assertThat(ids(owner)).containsExactly(1L, 2L, 3L, 4L);
    try (Rows<Trip> rows = owner.read(TRIPS).as(Trip.class).rows()) {
      assertThat(rows.stream().filter(trip -> trip.id() == 3))
          .containsExactly(
              new Trip(
                  3,
                  200,
                  new BigDecimal("2.50"),
                  LocalDate.of(2024, 3, 1),
                  Instant.parse("2024-03-01T08:30:00.5Z"),
                  Optional.of("south")));
    }
    List<PublishReceipt> receipts = owner.publishHistory(TRIPS).receipts();
    assertThat(receipts).hasSize(2);
    assertThat(receipts.get(1).rowsAccepted()).isEqualTo(2);
    assertThat(receipts.get(1).keyWasGiven()).isFalse();
  }

  private void vetoedCommitsLeaveNoFiles(SparkProcess spark, MeshClient owner) throws IOException {
    TreeSet<String> before = files();
    for (String bad :
        List.of(
            insert(values(5, "-0.5D")),
            insert(values(5, "double('NaN')")),
            insert(values(5, "1.0D"), values(6, "1.0D"), values(7, "1.0D"), values(8, "1.0D")),
            "ALTER TABLE " + TABLE + " ADD COLUMN note STRING",
            "ALTER TABLE " + TABLE + " DROP COLUMN zone",
            "ALTER TABLE " + TABLE + " ALTER COLUMN id DROP NOT NULL",
            "ALTER TABLE " + TABLE + " ADD PARTITION FIELD day",
            "ALTER TABLE " + TABLE + " SET TBLPROPERTIES ('write.format.default'='avro')",
            "DELETE FROM " + TABLE + " WHERE id = 1",
            "UPDATE " + TABLE + " SET fare = 1 WHERE id = 1",
            "INSERT OVERWRITE " + TABLE + " VALUES " + values(5, "1.0D"))) {
      Result result = spark.sql(bad);
      assertThat(result.failure())
          .as(bad)
          .startsWith("SPARK io.meshwork.engine.CommitVetoedException: ")
          .contains(TRIPS)
          .contains("Nothing was committed");
    }
    assertThat(spark.sql(insert(values(5, "-0.5D"))).failure())
        .contains("1 of 1 added file")
        .contains("between.fare")
        .contains("MeshClient.publish");
    for (String forbidden :
        List.of(
            "DROP TABLE " + TABLE,
            "DROP TABLE " + TABLE + " PURGE",
            "ALTER TABLE " + TABLE + " RENAME TO mesh.mobility.other_v1",
            "CREATE TABLE mesh.mobility.other_v1 (id BIGINT)",
            "CREATE OR REPLACE TABLE " + TABLE + " (id BIGINT)",
            "CREATE NAMESPACE mesh.finance",
            "DROP NAMESPACE mesh.mobility")) {
      assertThat(spark.sql(forbidden).failure())
          .as(forbidden)
          .startsWith("SPARK org.apache.iceberg.exceptions.ForbiddenException: ")
          .contains("MeshClient");
    }
    assertThat(files()).isEqualTo(before);
    assertThat(ids(owner)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(owner.publishHistory(TRIPS).receipts()).hasSize(2);
  }

  private void branchesAreCheckedWhenTheyReachMain(SparkProcess spark, MeshClient owner) {
    rows(spark, "ALTER TABLE " + TABLE + " CREATE BRANCH audit");
    rows(spark, "INSERT INTO " + TABLE + ".branch_audit VALUES " + values(5, "-1.0D"));
    assertThat(ids(owner)).containsExactly(1L, 2L, 3L, 4L);

    Result veto =
        spark.sql("CALL mesh.system.fast_forward('mobility.green_trips_v1', 'main', 'audit')");

    assertThat(veto.failure())
        .startsWith("SPARK io.meshwork.engine.CommitVetoedException: ")
        .contains("between.fare");
    rows(spark, "ALTER TABLE " + TABLE + " DROP BRANCH audit");
  }

  private void sparkReadsLaterPublishes(SparkProcess spark, MeshClient owner) {
    owner.publish(TRIPS).records(List.of(trip(9, 9, "east"))).commit();

    assertThat(rows(spark, "SELECT count(*), max(id), sum(fare) FROM " + TABLE))
        .containsExactly("[5,9,219.5]");
  }

  private void compactionKeepsAllRows(SparkProcess spark, MeshClient owner) {
    int files = owner.read(TRIPS).files().size();
    rows(
        spark,
        "CALL mesh.system.rewrite_data_files(table => 'mobility.green_trips_v1', options =>"
            + " map('rewrite-all', 'true'))");

    assertThat(owner.read(TRIPS).files().size()).isLessThan(files);
    assertThat(ids(owner)).containsExactly(1L, 2L, 3L, 4L, 9L);
    assertThat(owner.publishHistory(TRIPS).receipts()).hasSize(3);
  }

  private void sparkReadsDeltaEncodings(SparkProcess spark, MeshClient owner) {
    publishReadings(owner, "mobility/delta", Engine.SPARK);

    assertThat(rows(spark, sums("delta_v1"))).containsExactly(READINGS);
  }

  private static String sums(String table) {
    return "SELECT count(*), sum(id), sum(length(text)) FROM mesh.mobility." + table;
  }

  private static void publishReadings(MeshClient owner, String product, Engine... readers) {
    owner.defineProduct(product).contract(Contract.of(DiverseText.class).readers(readers)).commit();
    List<DiverseText> readings =
        LongStream.range(0, 5_000)
            .mapToObj(id -> new DiverseText(id * 7, new UUID(id * 31, id).toString()))
            .toList();
    owner.publish(product).records(readings).commit();
  }

  private static List<String> rows(SparkProcess spark, String statement) {
    Result result = spark.sql(statement);
    assertThat(result.failure()).as(statement).isEmpty();
    return values(result);
  }

  /** The values of each row, as text. */
  static List<String> values(Result result) {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : result.rows()) {
      List<String> values = new ArrayList<>();
      row.forEach(value -> values.add(value.asText()));
      rows.add("[" + String.join(",", values) + "]");
    }
    return rows;
  }

  private TreeSet<String> dataFiles() {
    try {
      return files();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files of the mesh, except those of the registry. */
  private TreeSet<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("mesh/data"))) {
      TreeSet<String> names = new TreeSet<>();
      files.filter(Files::isRegularFile).forEach(file -> names.add(file.toString()));
      return names;
    }
  }
}
