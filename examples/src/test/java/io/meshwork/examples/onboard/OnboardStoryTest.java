package io.meshwork.examples.onboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.examples.story.StoryRun;
import io.meshwork.local.LocalMesh;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnboardStoryTest {
  @TempDir private Path folder;

  @Test
  void filesOfTheCityAreFoundProposedAndReadWhereTheyAre() throws Exception {
    StoryRun run = StoryRun.of(OnboardStory.class, folder);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.words())
        .containsExactly("found", "proposed", "refused", "onboarded", "refreshed", "read");
    assertThat(run.result().get("rows").asLong()).isEqualTo(56_551);
    try (Mesh mesh =
        LocalMesh.builder(folder.resolve("mesh/mesh"), Map.of("lake", folder.resolve("mesh/lake")))
            .open()) {
      assertThat(mesh.doctor().isHealthy()).isTrue();
    }
  }
}
