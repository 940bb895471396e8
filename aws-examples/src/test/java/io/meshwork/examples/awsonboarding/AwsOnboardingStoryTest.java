package io.meshwork.examples.awsonboarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.examples.awsmesh.StoryRun;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was cut continues, and a second one has no steps. */
class AwsOnboardingStoryTest {
  @TempDir private Path folder;

  @Test
  void theAccountsAreSetUpAndTheTemplatesHaveNoFindings() throws IOException {
    StoryRun run = StoryRun.of(AwsOnboardingStory::run, 6_000, folder);

    assertThat(run.steps())
        .containsExactly(
            "STEP planned",
            "STEP applied",
            "STEP again",
            "STEP adopted",
            "STEP by-hand",
            "STEP drift",
            "RESULT");
    assertThat(run.lines().get(6)).isEqualTo("RESULT {\"again\":0,\"byHand\":2,\"drift\":1}");
  }
}
