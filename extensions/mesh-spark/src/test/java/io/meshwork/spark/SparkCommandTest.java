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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

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
    Path location = folder.resolve("mesh");
    try (Mesh mesh = LocalMesh.open(location)) {
      MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
      owner.registerDomain("mobility").owner("rides@example.org").commit();
      owner
          .defineProduct("mobility/rides")
          .contract(Contract.of(Ride.class).require(Rule.atLeast("fare", 0)))
          .commit();
    }

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

  @Test
  void whatCannotStartSaysWhy() throws Exception {
    CommandOutput noMesh = run("", folder.resolve("nothing").toString(), "--as", "mobility/etl");
    assertThat(noMesh.code()).isEqualTo(2);
    assertThat(noMesh.err()).contains("it has no mesh.json");

    CommandOutput nobody = run("", folder.toString());
    assertThat(nobody.code()).isEqualTo(2);
    assertThat(nobody.err()).contains("--as ACCOUNT/ROLE");
  }

  private CommandOutput run(String input, String... arguments)
      throws IOException, InterruptedException {
    Path in = Files.writeString(folder.resolve("in.sql"), input);
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmesh.spark.jar=" + System.getProperty("mesh.spark.jar"),
                "-Dmesh.spark.classpaths=" + System.getProperty("mesh.spark.classpaths"),
                "-cp",
                System.getProperty("java.class.path"),
                SparkCommand.class.getName(),
                "4.1"));
    command.addAll(List.of(arguments));
    ProcessBuilder process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    process.environment().remove("MESH_AS");
    int code = process.start().waitFor();
    return new CommandOutput(code, Files.readAllLines(out), Files.readString(err));
  }
}
