package io.meshwork.examples.late;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.examples.story.StoryRun;
import io.meshwork.local.LocalMesh;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LateTest {
  @TempDir private Path folder;

  @Test
  void theStoryNamesWhoIsToldAndTheCauseAndLeavesAHealthyMesh() throws Exception {
    StoryRun run = StoryRun.of(Late.class, folder);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.words()).containsExactly("fresh", "late", "notified", "fresh-again");
    assertThat(run.out()).contains("oncall@example.org", "the cause is commerce/orders");
    assertThat(run.result().get("notices").asInt()).isEqualTo(4);
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh")).open()) {
      assertThat(mesh.doctor().isHealthy()).isTrue();
    }
  }
}
