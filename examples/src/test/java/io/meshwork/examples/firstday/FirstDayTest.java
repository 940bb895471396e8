package io.meshwork.examples.firstday;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.examples.story.StoryRun;
import io.meshwork.local.LocalMesh;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstDayTest {
  @TempDir private Path folder;

  @Test
  void theFirstDayPrintsItsStepsAndResultAndLeavesAHealthyMesh() throws Exception {
    StoryRun run = StoryRun.of(FirstDay.class, folder);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.words())
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
    assertThat(run.result().get("steps").asInt()).isEqualTo(11);
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh")).open()) {
      assertThat(mesh.doctor().isHealthy()).isTrue();
    }
  }

  @Test
  void aSecondRunInTheSameFolderIsRejectedBeforeItChangesAnything() throws Exception {
    assertThat(StoryRun.of(FirstDay.class, folder).code()).isZero();

    StoryRun second = StoryRun.of(FirstDay.class, folder);

    assertThat(second.code()).isEqualTo(2);
    assertThat(second.out()).isEmpty();
    assertThat(second.err()).contains("first-day", "mesh", "is not empty");
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh")).open()) {
      assertThat(mesh.doctor().isHealthy()).isTrue();
    }
  }
}
