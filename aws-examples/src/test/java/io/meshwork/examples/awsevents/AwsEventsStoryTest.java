package io.meshwork.examples.awsevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.examples.awsmesh.StoryRun;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each recipient gets its notices, and one without a bus delays nobody. */
class AwsEventsStoryTest {
  @TempDir private Path folder;

  @Test
  void noNoticeIsLostOrOutOfOrderAndTheTemplatesHaveNoFindings() throws IOException {
    StoryRun run = StoryRun.of(AwsEventsStory::run, 6_000, folder);

    assertThat(run.steps())
        .containsExactly(
            "STEP received",
            "STEP refused",
            "STEP redelivered",
            "STEP mirrored",
            "STEP granted",
            "STEP mailed",
            "RESULT");
    assertThat(run.lines().get(1)).isEqualTo("STEP refused: parked=1 others=delivered");
    assertThat(run.lines().get(6))
        .matches("RESULT \\{\"lost\":0,\"outOfOrder\":0,\"secondsToGlue\":[0-9]+\\}");
  }
}
