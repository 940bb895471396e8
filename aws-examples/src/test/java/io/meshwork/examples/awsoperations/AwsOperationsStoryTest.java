package io.meshwork.examples.awsoperations;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.examples.awsmesh.StoryRun;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alarm of a domain follows its data, and its operator. */
class AwsOperationsStoryTest {
  @TempDir private Path folder;

  @Test
  void anAlarmIsOnForLateDataAndForADeadOperatorAndTheTemplatesHaveNoFindings() throws IOException {
    StoryRun run = StoryRun.of(AwsOperationsStory::run, 5_000, folder);

    assertThat(run.steps())
        .containsExactly(
            "STEP metrics",
            "STEP late",
            "STEP fresh",
            "STEP runner-dead",
            "STEP dashboard",
            "STEP quality",
            "RESULT");
    assertThat(run.lines().get(1)).startsWith("STEP late: alarm=ALARM");
    assertThat(run.lines().get(2)).startsWith("STEP fresh: alarm=OK");
    assertThat(run.lines().get(3)).startsWith("STEP runner-dead: alarm=ALARM");
    assertThat(run.lines().get(6))
        .matches("RESULT \\{\"domains\":3,\"late\":0,\"spared\":[1-9][0-9]*\\}");
  }
}
