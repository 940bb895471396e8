package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.program.MeshProcess.Ran;
import io.meshwork.contract.Contract;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each exit code, by a process. */
class ExitCodeTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void makeTheMesh() {
    CommandMesh.in(folder.resolve("mesh"));
  }

  @Test
  void aQuestionPrintsItsAnswerOnly() throws Exception {
    Ran ran = run("search", "", "--json");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(TestShell.JSON.readTree(ran.out()).get("total").asInt()).isEqualTo(3);
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void wrongRequestsExitWithTwo() throws Exception {
    assertThat(run("describe", "commerce/nope").code()).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(run("nonsense").code()).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void aMeshOnAwsWithoutItsJarExitsWithTwoAndNamesTheJar() throws Exception {
    String mesh = "aws:eu-central-1/111111111111/sales";
    MeshProcess withoutJar = new MeshProcess(folder).without("mesh-aws");
    for (List<String> command : List.of(List.of("health", "--mesh", mesh), List.of("init", mesh))) {
      Ran ran = withoutJar.run(command);
      assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.WRONG_REQUEST);
      assertThat(ran.err()).contains("The jar of mesh-aws is missing");
    }
    assertThat(withoutJar.run(List.of("search", "")).code()).as("of a folder").isZero();
  }

  @Test
  void rowsThatBreakTheContractExitWithTen() throws Exception {
    Path csv = folder.resolve("bad.csv");
    Files.writeString(csv, "orderId,amount,country\no-9,1000,DE\n");
    Ran ran = run("publish", CommandMesh.ORDERS, csv.toString(), "--as", "commerce/etl");
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.CONTRACT_VIOLATED);
    assertThat(TestShell.JSON.readTree(ran.out()).get("exitCode").asInt()).isEqualTo(10);
  }

  @Test
  void aPlanThatChangedExitsWithEleven() throws Exception {
    String[] grant = {
      "grant",
      CommandMesh.ORDERS,
      "--to",
      "a/b",
      "--because",
      "x",
      "--planned",
      "0",
      "--as",
      "commerce/etl"
    };
    assertThat(run(grant).code()).isEqualTo(ExitCode.CONFLICT);
  }

  @Test
  void lateDataExitsWithTwelve() throws Exception {
    Ran ran = run("health", "--check", "--as", "commerce/etl");
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.NOT_FRESH);
    assertThat(ran.out()).contains("▲ LATE");
  }

  @Test
  void aDeniedExportExitsWithThirteenAndNamesWhoGrants() throws Exception {
    Path out = folder.resolve("no.csv");
    Ran ran = run("export", "commerce/cards", out.toString(), "--as", "finance/analyst");
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DENIED);
    assertThat(ran.err()).contains("orders@example.org");
    assertThat(out).doesNotExist();
  }

  @Test
  void findingsExitWithTwentyAndAnUnreadableRegistryWithTwentyOne() throws Exception {
    Path mesh = folder.resolve("damaged");
    CommandMesh.in(mesh);
    try (var files = Files.walk(mesh)) {
      Files.delete(
          files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow());
    }
    assertThat(run("verify", "--mesh", "file:" + mesh).code()).isEqualTo(ExitCode.FINDINGS);
    assertThat(runIn(mesh, "verify").code()).as("the older form").isEqualTo(ExitCode.FINDINGS);
    Files.deleteIfExists(mesh.resolve("registry/mesh.db-wal"));
    Files.writeString(mesh.resolve("registry/mesh.db"), "no registry".repeat(1000));
    assertThat(run("doctor", "--mesh", "file:" + mesh).code()).isEqualTo(ExitCode.NOT_CHECKED);
  }

  @Test
  void aPollWithoutNewsExitsWithNinetyNine() throws Exception {
    TestShell shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "finance/analyst");
    String[] subscribe = {
      "subscribe", CommandMesh.ORDERS, "--name", "late", "--for", "Late", "--from-now"
    };
    assertThat(shell.run(subscribe)).as(shell.err()).isZero();
    Ran ran =
        run("poll", "late", "--to", folder.resolve("x.csv").toString(), "--as", "finance/analyst");
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.NOTHING_NEW);
  }

  @Test
  void anUnexpectedErrorExitsWithOneAndLeavesItsResult() throws Exception {
    Ran ran = run("tag", CommandMesh.ORDERS, "a=b", "--mesh", "broken:x", "--as", "commerce/etl");
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.UNEXPECTED);
    assertThat(TestShell.JSON.readTree(ran.out()).get("exitCode").asInt()).isEqualTo(1);
    assertThat(run("search", "", "--mesh", "broken:x").code()).isEqualTo(ExitCode.UNEXPECTED);
  }

  @Test
  void aKilledExportLeavesNoFile() throws Exception {
    try (Mesh mesh = LocalMesh.openExisting(folder.resolve("mesh"))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.defineProduct("commerce/many").contract(Contract.of(Order.class)).commit();
      commerce
          .publish("commerce/many")
          .records(IntStream.range(0, 400_000).mapToObj(i -> new Order("o-" + i, i, "DE")))
          .commit();
    }
    for (String end : List.of("csv", "jsonl", "avro", "parquet")) {
      Path out = Files.createDirectory(folder.resolve("killed-" + end)).resolve("many." + end);
      Process export =
          new MeshProcess(folder)
              .start(
                  List.of("export", "commerce/many", out.toString(), "--as", "commerce/etl"),
                  folder.resolve("killed.out"),
                  folder.resolve("killed.err"));
      while (export.isAlive() && names(out.getParent()).isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(export.isAlive()).as("it is writing").isTrue();
      export.destroyForcibly().waitFor();
      assertThat(out).doesNotExist();
      assertThat(names(out.getParent())).allMatch(name -> name.startsWith("."));
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static Ran run(String... arguments) throws Exception {
    return new MeshProcess(folder).run(List.of(arguments));
  }

  private static Ran runIn(Path mesh, String verb) throws Exception {
    return new MeshProcess(folder).run(List.of(mesh.toString(), verb));
  }
}
