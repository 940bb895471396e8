package io.meshwork.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.MeshCommand;
import io.meshwork.examples.quickstart.Quickstart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each command of the page on operating, in order, on a new mesh. */
class OperatingTextTest {
  private static final Path TEXT =
      Path.of(System.getProperty("basedir", ""))
          .toAbsolutePath()
          .getParent()
          .resolve("docs/operating.md");

  @TempDir private Path folder;

  @Test
  void eachCommandHasTheDocumentedResult() throws IOException {
    Path orders = folder.resolve("orders.parquet");
    try (InputStream in = Quickstart.class.getResourceAsStream("green_tripdata_2024-01.parquet")) {
      assertThat(in).isNotNull();
      Files.copy(in, orders);
    }
    run("scripts/mesh my-mesh define commerce/orders " + orders, "");
    for (int i = 0; i < 6; i++) {
      run("scripts/mesh my-mesh publish commerce/orders " + orders + " --key " + i, "");
    }
    Path copy =
        Files.write(
            folder.resolve(
                "my-mesh/data/commerce/orders_v1/data/01900000-0000-7000-8000-000000000000-0.parquet"),
            new byte[] {1});
    Path archives = Files.createDirectories(folder.resolve("my-mesh/archive/commerce/orders"));
    Path left = archives.resolve(".00000000000000000001-00000000000000000002.jsonl.tmp");

    List<String> commands = commands();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(10);
    String output = "";
    boolean first = true;
    for (String command : commands) {
      if (command.endsWith(" repair")) {
        Files.writeString(left, "{"); // otherwise there is nothing to repair
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
      }
      output = run(command, output);
      if (first) {
        assertThat(output)
            .contains("\"filesCompacted\":6,\"filesWritten\":1", "\"filesRemoved\":0");
        first = false;
      }
    }

    assertThat(left).doesNotExist();
    assertThat(copy).as("a file of an unknown writer").exists();
    assertThat(output.lines()).as("the log of what was restored").hasSize(6);
    assertThat(run("scripts/mesh my-restored files commerce/orders", ""))
        .contains(folder.resolve("my-restored").toString());
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

  /** Runs a command, with the fingerprint that the previous one printed. */
  private String run(String command, String saidBefore) {
    String fingerprint =
        saidBefore.lines().reduce((one, other) -> other).orElse("").replace("fingerprint ", "");
    String[] words = command.replace("FINGERPRINT", fingerprint).split(" ", -1);
    assertThat(words[0]).isEqualTo("scripts/mesh");
    String[] arguments = List.of(words).subList(1, words.length).toArray(new String[0]);
    arguments[0] = folder.resolve(arguments[0]).toString();
    if (arguments[1].equals("backup")) {
      arguments[2] = folder.resolve(arguments[2]).toString();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        MeshCommand.run(
            arguments,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(err.toString(StandardCharsets.UTF_8)).as(command).isEmpty();
    assertThat(code).as(command).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }
}
