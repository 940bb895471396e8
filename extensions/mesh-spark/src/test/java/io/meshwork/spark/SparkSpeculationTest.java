package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Spark runs a slow task a second time, on another host, and both attempts finish. */
@DisabledForJreRange(
    minVersion = 23,
    disabledReason = "Spark's Hadoop calls Subject.getSubject, which JDK 23 and later reject")
@EnabledOnOs(value = OS.LINUX, disabledReason = "the hosts are addresses of the loopback interface")
@Tag("nightly")
class SparkSpeculationTest {
  private static final int ROWS = 300;
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

  /** A row. */
  record Ride(long id, String code) {}

  @TempDir private Path folder;

  private final List<Process> cluster = new ArrayList<>();

  @AfterEach
  void end() {
    cluster.stream()
        .flatMap(each -> Stream.concat(each.descendants(), Stream.of(each.toHandle())))
        .forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void ofTwoAttemptsOfATaskOneIsPublished() throws IOException {
    Path location = folder.resolve("mesh");
    String master = startCluster();
    try (Mesh mesh = LocalMesh.open(location)) {
      MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
      owner.registerDomain("mobility").owner("rides@example.org").commit();
      owner
          .defineProduct("mobility/rides")
          .contract(Contract.of(Ride.class).primaryKey("id"))
          .commit();
      try (SparkProcess spark = startDriver(master, location)) {
        spark
            .sql(
                "INSERT INTO mesh.mobility.rides_v1 SELECT id, 'a' AS code FROM range(0, "
                    + ROWS
                    + ", 1, 2) WHERE reflect('"
                    + TaskFaults.class.getName()
                    + "', 'meet', id, 299L, '"
                    + folder
                    + "') = 'true'")
            .rowsOrThrow();

        assertThat(folder.resolve("attempt-1")).exists();
        assertThat(owner.publishHistory("mobility/rides").receipts()).hasSize(1);
        try (Rows<Ride> rows = owner.read("mobility/rides").as(Ride.class).rows()) {
          assertThat(rows.stream().map(Ride::id).distinct().count()).isEqualTo(ROWS);
        }
        assertThat(owner.publishHistory("mobility/rides").receipts().get(0).rowsAccepted())
            .isEqualTo(ROWS);
        awaitDeletions(location, referenced(spark));
      }
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  /** Starts a cluster with two hosts, and returns its address. */
  private String startCluster() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    start("master", "127.0.0.1", "master.Master", "--port", "" + port);
    String address = "spark://127.0.0.1:" + port;
    for (String host : List.of("127.0.0.1", "127.0.0.2")) {
      start("worker-" + host, host, "worker.Worker", "--cores", "1", "--memory", "1g", address);
    }
    return address;
  }

  private void start(String name, String host, String program, String... arguments)
      throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    List<String> command = new ArrayList<>(List.of("org.apache.spark.deploy." + program));
    command.addAll(List.of("--host", host, "--webui-port", "0"));
    command.addAll(List.of(arguments));
    ProcessBuilder process =
        new SparkLaunch("4.1", own)
            .cluster("")
            .forShortJobs()
            .heap(256)
            .process(command.toArray(String[]::new));
    process.environment().put("SPARK_LOCAL_IP", host);
    cluster.add(
        process.redirectErrorStream(true).redirectOutput(own.resolve("log").toFile()).start());
  }

  private SparkProcess startDriver(String master, Path location) throws IOException {
    Path own = Files.createDirectories(folder.resolve("driver"));
    SparkLaunch launch =
        new SparkLaunch("4.1", own)
            .forShortJobs()
            .cluster(master)
            .mesh(location.toString(), "mobility/spark")
            .program(PublishStatements.class, TaskFaults.class)
            .settings(
                Map.of(
                    "spark.executor.memory",
                    "512m",
                    "spark.speculation",
                    "true",
                    "spark.speculation.quantile",
                    "0.5",
                    "spark.speculation.multiplier",
                    "1",
                    "spark.speculation.interval",
                    "100ms"));
    return SparkProcess.start(launch, own.resolve("spark.log"));
  }

  /** Waits until the attempt that was not needed has deleted its files. */
  private static void awaitDeletions(Path location, Set<String> published) throws IOException {
    long start = System.nanoTime();
    while (!written(location).equals(published)) {
      assertThat(System.nanoTime() - start).as("files left").isLessThan(PATIENCE);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static Set<String> written(Path location) throws IOException {
    try (Stream<Path> files = Files.walk(location.resolve("data"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".parquet"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Set<String> referenced(SparkProcess spark) {
    Set<String> names = new TreeSet<>();
    for (JsonNode row :
        spark.sql("SELECT file_path FROM mesh.mobility.rides_v1.all_files").rowsOrThrow()) {
      names.add(row.get("file_path").asText().replaceFirst(".*/", ""));
    }
    return names;
  }
}
