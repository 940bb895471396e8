package io.meshwork.examples.firstday;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.local.LocalMesh;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstDayTest {
  @TempDir private Path folder;

  @Test
  void theFirstDayPrintsItsStepsAndResultAndLeavesAHealthyMesh() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.meshwork.examples.firstday.FirstDay",
                folder.resolve("mesh").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
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

  private static String word(String line) {
    return line.substring("STEP ".length(), line.indexOf(':'));
  }
}
