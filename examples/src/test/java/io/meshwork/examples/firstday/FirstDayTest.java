package io.meshwork.examples.firstday;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.local.LocalMesh;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstDayTest {
  @TempDir private Path folder;

  @Test
  void theFirstDayPrintsItsStepsAndResultAndLeavesAHealthyMesh() throws Exception {
    Ran ran = run();

    assertThat(ran.code()).as(ran.err()).isZero();
    String printed = ran.out();
    List<String> lines = printed.lines().toList();
    assertThat(lines.stream().filter(line -> line.startsWith("STEP ")).map(FirstDayTest::word))
        .containsExactly(
            "domain",
            "defined",
            "published",
            "quarantined",
            "subscribed",
            "polled",
            "requested",
            "approved",
            "linked",
            "read",
            "denied");
    String last = lines.get(lines.size() - 1);
    assertThat(last).startsWith("RESULT ");
    JsonNode result = new ObjectMapper().readTree(last.substring("RESULT ".length()));
    assertThat(result.get("steps").asInt()).isEqualTo(11);
    try (Mesh mesh = LocalMesh.in(folder.resolve("mesh")).open()) {
      assertThat(mesh.doctor().isHealthy()).isTrue();
    }
  }

  @Test
  void aSecondRunInTheSameFolderIsRejectedBeforeItChangesAnything() throws Exception {
    assertThat(run().code()).isZero();

    Ran second = run();

    assertThat(second.code()).isEqualTo(2);
    assertThat(second.out()).isEmpty();
    assertThat(second.err()).contains("first-day", "mesh", "is not empty");
    try (Mesh mesh = LocalMesh.in(folder.resolve("mesh")).open()) {
      assertThat(mesh.doctor().isHealthy()).isTrue();
    }
  }

  private record Ran(int code, String out, String err) {}

  private Ran run() throws Exception {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.meshwork.examples.firstday.FirstDay",
                folder.resolve("mesh").toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int code = process.waitFor();
    return new Ran(code, Files.readString(out), Files.readString(err));
  }

  private static String word(String line) {
    return line.substring("STEP ".length(), line.indexOf(':'));
  }
}
