package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.cli.ExitCode;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb that does what is due: once, again and again, and beside another process. */
class OperateVerbTest {
  /** What a process returns that the signal TERM ended. */
  private static final int TERMINATED = 143;

  @TempDir private Path folder;

  private TestShell shell;

  @BeforeEach
  void makeTheMesh() {
    CommandMesh.in(folder.resolve("mesh"));
    shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
  }

  private JsonNode operateOnce(String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("operate", "--once", "--json"));
    command.addAll(List.of(options));
    assertThat(shell.run(command.toArray(String[]::new))).as(shell.err()).isZero();
    QuestionSchemas.check("operate", shell.json());
    return shell.json();
  }

  @Test
  void aRunPrintsWhatWasDueDoneAndLeft() throws IOException {
    String outbox = folder.resolve("outbox").toString();
    operateOnce("--to", outbox);
    assertThat(shell.run("suggest", CommandMesh.ORDERS, "Add the tax", "--as", "finance/analyst"))
        .as(shell.err())
        .isZero();

    JsonNode run = operateOnce("--to", outbox, "--within", "10m");

    assertThat(run.at("/due/0/verb").asText()).isEqualTo("deliver");
    assertThat(run.at("/done/noticesDelivered").asInt()).isEqualTo(1);
    assertThat(run.get("left")).isEmpty();
    assertThat(filesOf(Path.of(outbox))).isNotEmpty();
    assertThat(operateOnce("--to", outbox).get("due")).isEmpty();
  }

  private static List<Path> filesOf(Path outbox) throws IOException {
    try (Stream<Path> files = Files.list(outbox)) {
      return files.toList();
    }
  }

  @Test
  void aRunBesideAnotherIsSkippedAndSaysUntilWhen() throws IOException {
    List<JsonNode> skipped = new ArrayList<>();
    Notifier notifier =
        notice -> {
          try {
            skipped.add(operateOnce());
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        };
    Instant before = Instant.now();
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh")).notifier("test", notifier).open()) {
      shell.run("suggest", CommandMesh.ORDERS, "Add the tax", "--as", "finance/analyst");
      assertThat(mesh.operate(Duration.ofMinutes(13)).remaining()).isEmpty();
    }

    assertThat(skipped).isNotEmpty();
    assertThat(skipped.get(0).get("status").asText()).isEqualTo("skipped");
    assertThat(Instant.parse(skipped.get(0).get("until").asText()))
        .isBetween(before, Instant.now().plus(Duration.ofMinutes(13)));
    assertThat(operateOnce().get("status").asText()).isEqualTo("operated");
  }

  @Test
  void aProcessRepeatsItUntilItIsToldToEnd() throws Exception {
    Path err = folder.resolve("err.txt");
    Process process =
        new MeshProcess(folder)
            .start(List.of("operate", "--every", "1s"), folder.resolve("out.txt"), err);
    try {
      List<String> runs;
      do {
        assertThat(process.isAlive()).as(Files.readString(err)).isTrue();
        runs = Files.readAllLines(folder.resolve("out.txt"));
      } while (runs.size() < 2);

      process.destroy();

      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isEqualTo(TERMINATED);
      assertThat(Files.readString(err)).contains("was stopped. The present step is completed.");
      for (String line : Files.readAllLines(folder.resolve("out.txt"))) {
        assertThat(TestShell.JSON.readTree(line).get("status").asText())
            .isIn("operated", "stopped");
      }
      assertThat(operateOnce().get("status").asText()).as("the mesh is free").isEqualTo("operated");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void optionsThatExcludeEachOtherAreRefused() {
    assertThat(shell.run("operate", "--once", "--every", "1m")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.run("operate", "--once", "--name", "bus")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("--name needs --to");
    assertThat(shell.run("operate", "--once", "--within", "soon"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }
}
