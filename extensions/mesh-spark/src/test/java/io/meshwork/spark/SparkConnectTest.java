package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.examples.spark.SparkStatements;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client of Spark Connect, which has neither Iceberg nor the jar of mesh-spark, publishes through
 * a server that has both, by options and SQL.
 */
@DisabledForJreRange(
    minVersion = 23,
    disabledReason = "Spark's Hadoop calls Subject.getSubject, which JDK 23 and later reject")
@Tag("nightly")
class SparkConnectTest {
  private static final String RIDES = "mobility/rides";
  private static final String TABLE = "mesh.mobility.rides_v1";

  @TempDir private Path folder;

  /** A row of the product. */
  record Ride(long id, double fare, LocalDate day) {}

  @Test
  void aClientPublishesByOptionsAndSqlAlone() throws Exception {
    Path location = folder.resolve("mesh");
    try (Mesh mesh = LocalMesh.open(location)) {
      MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
      owner.registerDomain("mobility").owner("rides@example.org").commit();
      owner
          .defineProduct(RIDES)
          .contract(Contract.of(Ride.class).primaryKey("id").require(Rule.atLeast("fare", 0)))
          .partitionBy(Partition.identity("day"))
          .commit();
      try (SparkProcess server = server(location);
          SparkProcess client =
              client(server.sql("PORT").rowsOrThrow().get(0).get("port").asInt())) {
        addsRowsOncePerKey(client, owner);
        refusesWhatTheContractDoes(client, owner);
        replacesRows(client, owner);
        listsReceipts(client, owner);
      }
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  private SparkProcess server(Path location) throws IOException {
    return SparkProcess.start(
        new SparkLaunch("4.1-connect", folder)
            .mesh(location.toString(), "mobility/spark")
            .settings(
                Map.of(
                    "spark.plugins",
                    "org.apache.spark.sql.connect.SparkConnectPlugin",
                    "spark.connect.grpc.binding.address",
                    "127.0.0.1",
                    "spark.connect.grpc.binding.port",
                    "0"))
            .threads(2)
            .forShortJobs()
            .program(ConnectStatements.class),
        folder.resolve("server.log"));
  }

  private SparkProcess client(int port) throws IOException, URISyntaxException {
    String jars =
        Files.readString(
                Path.of(
                    System.getProperty("mesh.spark.classpaths"),
                    "spark-4.1-connect-client.classpath"))
            .strip();
    assertThat(jars).doesNotContain("iceberg", "meshwork");
    ProcessBuilder program =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-cp",
            String.join(
                File.pathSeparator,
                jars,
                place(ConnectStatements.class),
                place(SparkStatements.class)),
            ConnectStatements.class.getName());
    program.environment().put("SPARK_REMOTE", "sc://127.0.0.1:" + port);
    return SparkProcess.start(program, folder.resolve("client.log"));
  }

  private static String place(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  private static void addsRowsOncePerKey(SparkProcess client, MeshClient owner) {
    for (int i = 0; i < 2; i++) {
      client
          .sql("INSERT INTO " + TABLE + " WITH ('meshwork.key' = 'by-sql') " + rides("0, 10"))
          .rowsOrThrow();
      client.sql("APPEND by-frame " + TABLE + " " + rides("10, 20")).rowsOrThrow();
    }

    assertThat(ids(owner)).isEqualTo(numbers(0, 20));
    assertThat(owner.publishHistory(RIDES).receipts()).hasSize(2);
  }

  private static void refusesWhatTheContractDoes(SparkProcess client, MeshClient owner) {
    assertThat(client.sql("INSERT INTO " + TABLE + " SELECT 90L, -1D, DATE '2026-11-01'").failure())
        .contains("[MESH-2001]", "atLeast.fare");
    assertThat(client.sql("INSERT INTO " + TABLE + " " + rides("5, 6")).failure())
        .contains("[MESH-2001]", "primaryKey");
    assertThat(
            client
                .sql(
                    "APPEND refused "
                        + TABLE
                        + " SELECT id, -fare AS fare, day FROM ("
                        + rides("30, 31")
                        + ")")
                .failure())
        .contains("[MESH-2001]", "atLeast.fare");
    assertThat(client.sql("UPDATE " + TABLE + " SET fare = 1").failure())
        .contains("[MESH-1001]", "REPLACE WHERE");
    assertThat(
            client
                .sql("INSERT INTO " + TABLE + " WITH ('meshwork.kee' = 'k') " + rides("30, 31"))
                .failure())
        .contains("the option meshwork.kee is unknown");

    assertThat(ids(owner)).isEqualTo(numbers(0, 20));
  }

  private static void replacesRows(SparkProcess client, MeshClient owner) {
    client
        .sql(
            "INSERT INTO "
                + TABLE
                + " REPLACE WHERE day = DATE '2026-11-01' SELECT 2L, 3D, DATE '2026-11-01'")
        .rowsOrThrow();
    assertThat(ids(owner))
        .isEqualTo(numbers(1, 20).stream().filter(id -> id % 2 == 1 || id == 2).toList());

    client.sql("INSERT OVERWRITE " + TABLE + " " + rides("40, 45")).rowsOrThrow();
    assertThat(ids(owner)).isEqualTo(numbers(40, 45));
  }

  private static void listsReceipts(SparkProcess client, MeshClient owner) {
    assertThat(
            SparkTest.values(
                client.sql(
                    "SELECT mode, idempotency_key, rows_accepted FROM " + TABLE + ".receipts")))
        .containsExactlyInAnyOrder(
            "[append,by-sql,10]",
            "[append,by-frame,10]",
            "[replace-where,null,1]",
            "[replace-all,null,5]");
    assertThat(owner.publishHistory(RIDES).receipts())
        .extracting(receipt -> receipt.mode())
        .contains(PublishMode.REPLACE_WHERE, PublishMode.REPLACE_ALL);
  }

  /** Rides of two days, one day for even numbers. */
  private static String rides(String range) {
    return "SELECT id, CAST(id AS DOUBLE) AS fare, date_add(DATE '2026-11-01', CAST(id % 2 AS INT)) AS day"
        + " FROM range("
        + range
        + ")";
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private static List<Long> ids(MeshClient owner) {
    try (Rows<Ride> rows = owner.read(RIDES).as(Ride.class).rows()) {
      return rows.stream().map(Ride::id).sorted().toList();
    }
  }
}
