package io.meshwork.examples.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.examples.story.StoryRun;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutTest {
  @TempDir private Path folder;

  @Test
  void theRolloutPrintsItsStepsAndLeavesBothVersionsWithTheSameKeys() throws Exception {
    StoryRun run = StoryRun.of(Rollout.class, folder);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.words())
        .containsExactly(
            "v1-published",
            "consumers-subscribed",
            "rollout-planned",
            "announced",
            "parallel",
            "noticed",
            "noticed",
            "noticed",
            "counter-offered",
            "agreed",
            "page",
            "dual-published",
            "retire-refused",
            "tried",
            "moved",
            "moved",
            "moved",
            "retired",
            "v1-read-refused");
    assertThat(run.err()).contains("rollout 1 of commerce/orders: major version 1 -> 2");
    assertThat(run.result().get("consumers").asInt()).isEqualTo(3);
    assertThat(run.result().get("unmovedAtRefusal")).hasSize(3);
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh")).open()) {
      assertThat(mesh.doctor().isHealthy()).isTrue();
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      String key = run.result().get("key").asText();
      String product = run.result().get("product").asText();
      assertThat(keys(commerce, product, key, 1))
          .hasSize(13)
          .isEqualTo(keys(commerce, product, key, 2));
    }
  }

  private static Set<Object> keys(MeshClient client, String product, String key, int major) {
    Set<Object> keys = new TreeSet<>();
    try (var rows = client.read(product).majorVersion(major).asMaps().rows()) {
      for (Map<String, Object> row : rows) {
        keys.add(row.get(key));
      }
    }
    return keys;
  }
}
