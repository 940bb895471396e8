package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.examples.spark.SparkCommand;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code scripts/spark} runs, as a process. */
@DisabledForJreRange(
    minVersion = 23,
    disabledReason = "Spark's Hadoop calls Subject.getSubject, which JDK 23 and later reject")
class SparkCommandTest {
  @TempDir private Path folder;

  /** A row. */
  record Ride(long id, double fare) {}

  /** What a process printed. */
  private record CommandOutput(int code, List<String> out, String err) {}

  @Test
  void eachStatementIsAnsweredByRowsAndTheirNumberOrByACode() throws Exception {
    Path location = define();

    CommandOutput printed =
        run(
            """
            INSERT INTO mesh.mobility.rides_v1 SELECT 1L AS id, CAST(2.5 AS DOUBLE) AS fare

            SELECT count(*) AS files FROM mesh.mobility.rides_v1.files
            SELECT *, NULL AS note, timestamp_micros(1) AS at FROM mesh.mobility.rides_v1
            INSERT INTO mesh.mobility.rides_v1 SELECT 2L, CAST(-1 AS DOUBLE)
            SELEC 1
            UPDATE mesh.mobility.rides_v1 SET fare = 1
            SELECT count(*) AS n FROM mesh.mobility.rides_v1.receipts
            """,
            "file:" + location,
            "--tasks",
            "1",
            "--as",
            "mobility/etl");

    assertThat(printed.code()).as(printed.err()).isZero();
    assertThat(printed.err()).isEmpty();
    assertThat(printed.out())
        .extracting(line -> line.replaceFirst("^(FAILED \\S+) .*", "$1"))
        .containsExactly(
            "DONE 0",
            "ROW {\"files\":1}",
            "DONE 1",
            "ROW {\"id\":1,\"fare\":2.5,\"note\":null,\"at\":\"1970-01-01T00:00:00.000001Z\"}",
            "DONE 1",
            "FAILED CONTRACT_VIOLATED",
            "FAILED PARSE_SYNTAX_ERROR",
            "FAILED INVALID_ARGUMENT",
            "ROW {\"n\":1}",
            "DONE 1");
    assertThat(printed.out().get(5)).contains("atLeast.fare", "[MESH-2001]");
    assertThat(printed.out().get(7)).contains("by UPDATE, DELETE, or MERGE", "REPLACE WHERE");
  }

  private Path define() {
    Path location = folder.resolve("mesh");
    try (Mesh mesh = LocalMesh.open(location)) {
      MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
      owner.registerDomain("mobility").owner("rides@example.org").commit();
      owner
          .defineProduct("mobility/rides")
          .contract(Contract.of(Ride.class).require(Rule.atLeast("fare", 0)))
          .commit();
    }
    return location;
  }

  @Test
  void tasksRunInAsManyProcessesAsAreAskedFor() throws Exception {
    assertThat(published("4.1", "--executors", "2"))
        .contains("ROW {\"key\":\"spark.master\",\"value\":\"local-cluster[2,1,1024]\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5", "3.5-iceberg-1.10", "4.0"})
  @Tag("nightly")
  void otherVersionsPublishToo(String version) throws Exception {
    assertThat(published(version, "--tasks", "1"))
        .contains("ROW {\"key\":\"spark.master\",\"value\":\"local[1]\"}");
  }

  /** Publishes a row, and returns what was printed. */
  private List<String> published(String version, String option, String value) throws Exception {
    CommandOutput printed =
        runVersion(
            version,
            """
            SET spark.master
            INSERT INTO mesh.mobility.rides_v1 SELECT 1L AS id, CAST(2.5 AS DOUBLE) AS fare
            SELECT id FROM mesh.mobility.rides_v1
            """,
            define().toString(),
            option,
            value,
            "--as",
            "mobility/etl");
    assertThat(printed.code()).as(printed.err()).isZero();
    assertThat(printed.out())
        .contains("ROW {\"id\":1}", "DONE 0")
        .noneMatch(line -> line.startsWith("FAILED"));
    return printed.out();
  }

  @Test
  void theScriptRefusesVersionsThatThereAreNot() throws Exception {
    Map<List<String>, String> refused =
        Map.of(
            List.of("--version", "latest"), "--version needs a version, such as 3.5 or 1.10.1.",
            List.of("--version"), "--version needs a version, such as 3.5 or 1.10.1.",
            List.of("--iceberg", "new"), "--iceberg needs a version, such as 3.5 or 1.10.1.",
            List.of("--version", "2.4"), "There is no Spark '2.4' here. Use 3.5, 4.0, or 4.1.");
    for (List<String> options : refused.keySet()) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("basedir"), "../../scripts/spark").toString(),
                  folder.toString()));
      command.addAll(options);
      CommandOutput printed = run(new ProcessBuilder(command));
      assertThat(printed.code()).isEqualTo(2);
      assertThat(printed.err()).isEqualToIgnoringNewLines(refused.get(options));
    }
  }

  @Test
  void whatCannotStartSaysWhy() throws Exception {
    CommandOutput noMesh = run("", folder.resolve("nothing").toString(), "--as", "mobility/etl");
    assertThat(noMesh.code()).isEqualTo(2);
    assertThat(noMesh.err()).contains("it has no mesh.json");

    CommandOutput nobody = run("", folder.toString());
    assertThat(nobody.code()).isEqualTo(2);
    assertThat(nobody.err()).contains("--as ACCOUNT/ROLE");

    CommandOutput none = run("", define().toString(), "--executors", "0", "--as", "mobility/etl");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("--executors is '0', and must be a number from 1 to 999.");
  }

  private CommandOutput run(String input, String... arguments)
      throws IOException, InterruptedException {
    return runVersion("4.1", input, arguments);
  }

  private CommandOutput runVersion(String version, String input, String... arguments)
      throws IOException, InterruptedException {
    Path in = Files.writeString(folder.resolve("in.sql"), input);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmesh.spark.jar=" + System.getProperty("mesh.spark.jar"),
                "-Dmesh.spark.classpaths=" + System.getProperty("mesh.spark.classpaths"),
                "-cp",
                System.getProperty("java.class.path"),
                SparkCommand.class.getName(),
                version));
    command.addAll(List.of(arguments));
    return run(new ProcessBuilder(command).redirectInput(in.toFile()));
  }

  private CommandOutput run(ProcessBuilder process) throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    process.redirectOutput(out.toFile()).redirectError(err.toFile());
    process.environment().remove("MESH_AS");
    int code = process.start().waitFor();
    return new CommandOutput(code, Files.readAllLines(out), Files.readString(err));
  }
}
