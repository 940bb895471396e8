package io.meshwork.examples.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.examples.story.StoryRun;
import io.meshwork.local.LocalMesh;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookTest {
  @TempDir private Path folder;

  @Test
  void aReceiverThatWasDownGetsEachNoticeAndRepeatsHaveTheSameId() throws Exception {
    StoryRun run = StoryRun.of(Webhook.class, folder);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.words())
        .containsExactly(
            "subscribed", "delivered", "signature-ok", "receiver-down", "parked", "replayed");
    assertThat(run.result().toString())
        .isEqualTo("{\"sent\":5,\"received\":5,\"duplicates\":1,\"lost\":0}");
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh")).open()) {
      assertThat(mesh.doctor().isHealthy()).isTrue();
    }
  }
}
