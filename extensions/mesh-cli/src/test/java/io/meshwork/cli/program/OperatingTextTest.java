package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each command of the page on operating, in order, on a new mesh. */
class OperatingTextTest {
  private static final Path TEXT = Path.of("../../docs/operating.md");
  private static final String LOG = "mesh log commerce/orders --mesh my-restored --as commerce/etl";

  @TempDir private Path folder;

  private TestShell mesh;

  @Test
  void eachCommandHasTheDocumentedResult() throws IOException {
    mesh = new TestShell(folder);
    publishSixTimes();
    Path copy =
        Files.write(
            folder.resolve(
                "my-mesh/data/commerce/orders_v1/data/01900000-0000-7000-8000-000000000000-0.parquet"),
            new byte[] {1});
    Path archives = Files.createDirectories(folder.resolve("my-mesh/archive/commerce/orders"));
    Path left = archives.resolve(".00000000000000000001-00000000000000000002.jsonl.tmp");
    String page = Files.readString(TEXT);

    List<String> commands = commands();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(10).last().isEqualTo(LOG);
    String fingerprint = "";
    boolean first = true;
    for (String command : commands) {
      if (command.contains(" repair --plan ")) {
        Files.writeString(left, "{"); // otherwise there is nothing to repair
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
      }
      run(command.replace("FINGERPRINT", fingerprint));
      String output = mesh.out();
      if (first) {
        assertThat(output)
            .contains("\"filesCompacted\":6,\"filesWritten\":1", "\"filesRemoved\":0", "\"left\":")
            .hasLineCount(1);
        first = false;
      } else if (command.contains(" verify ")) {
        assertThat(output).isEqualTo("The mesh is healthy.\n");
        assertThat(page).contains("`" + output.strip() + "` and exit code 0");
      } else if (command.contains(" backup ")) {
        assertThat(output).contains("\"damage\":[]");
      }
      fingerprint = output.lines().reduce("", (one, other) -> other).replace("fingerprint ", "");
    }

    assertThat(left).doesNotExist();
    assertThat(copy).as("a file of an unknown writer").exists();
    assertThat(mesh.out().lines().skip(1)).as("the log of what was restored").hasSize(6);
    run("mesh repair --plan --mesh my-mesh");
    assertThat(mesh.out()).isEqualTo("nothing to change\n");
    assertThat(page).contains("or `" + mesh.out().strip() + "`");
    run("mesh files commerce/orders --mesh my-restored --as commerce/etl");
    assertThat(mesh.out()).contains(folder.resolve("my-restored").toString());
  }

  private void publishSixTimes() throws IOException {
    Path orders = Files.writeString(folder.resolve("orders.csv"), "orderId,amount\no-1,17.50\n");
    Path contract = folder.resolve("orders.odcs.yaml");
    run("mesh init my-mesh");
    run("mesh domain add commerce --owner o@example.org --mesh my-mesh --as commerce/etl");
    run("mesh product propose " + orders + " --to " + contract);
    String define = "mesh product define commerce/orders --mesh my-mesh --as commerce/etl";
    run(define + " --contract " + contract);
    String publish = "mesh publish commerce/orders " + orders + " --mesh my-mesh --as commerce/etl";
    for (int i = 0; i < 6; i++) {
      run(publish + " --key " + i);
    }
  }

  private static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    boolean shell = false;
    for (String line : Files.readAllLines(TEXT)) {
      if (line.startsWith("```")) {
        shell = line.equals("```sh");
      } else if (shell) {
        commands.add(line);
      }
    }
    return commands;
  }

  /** Runs a command, whose folders are below the one of the test. */
  private void run(String command) {
    Set<String> folders = Set.of("my-mesh", "my-backup", "my-restored");
    List<String> words = List.of(command.split(" ", -1));
    assertThat(words.get(0)).isEqualTo("mesh");
    int code =
        mesh.run(
            words.stream()
                .skip(1)
                .map(word -> folders.contains(word) ? folder.resolve(word).toString() : word)
                .toArray(String[]::new));
    assertThat(code).as("%s: %s%s", command, mesh.out(), mesh.err()).isZero();
  }
}
