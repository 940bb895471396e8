package io.meshwork.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderTest {
  @Test
  void aProgramWithoutAFolderPrintsItsUsageAndExits() throws Exception {
    assertThat(output("io.meshwork.examples.docs.FirstPublish"))
        .isEqualTo(ExitCode.WRONG_REQUEST + " Usage");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.meshwork.examples.docs.OneBadRow",
        "io.meshwork.examples.quickstart.Quickstart"
      })
  void anUnknownOptionIsNotAFolder(String program) throws Exception {
    assertThat(output(program, "--hlep")).isEqualTo(ExitCode.WRONG_REQUEST + " Usage");
    assertThat(Path.of("--hlep")).doesNotExist();
  }

  /** Runs the program in a separate process; returns its exit code and first word. */
  private static String output(String... command) throws IOException, InterruptedException {
    java.util.List<String> all = new java.util.ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(java.util.List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    all.addAll(java.util.List.of("-cp", System.getProperty("java.class.path")));
    all.addAll(java.util.List.of(command));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + text.split("[: ]", 2)[0];
  }
}
