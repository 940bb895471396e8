package io.meshwork.examples.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.examples.story.StoryRun;
import io.meshwork.local.LocalMesh;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalTest {
  @TempDir private Path folder;

  @Test
  void aProductLivesFromItsFirstFileToARetirementByProcessesOfMeshAlone() throws Exception {
    StoryRun run = StoryRun.of(Terminal.class, folder);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.words())
        .containsExactly(
            "proposed",
            "defined",
            "published",
            "quarantined",
            "corrected",
            "requested",
            "approved",
            "polled",
            "rolled-out",
            "countered",
            "moved",
            "retired",
            "exported");
    assertThat(run.result().get("rows").asInt()).isEqualTo(15);
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh/mesh")).open()) {
      assertThat(mesh.doctor().isHealthy()).isTrue();
    }
  }
}
