package io.meshwork.examples.awsonboarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.examples.story.StoryReport;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was cut continues, and a second one has no steps. */
class AwsOnboardingStoryTest {
  @TempDir private Path folder;

  @Test
  void theAccountsAreSetUpAndTheTemplatesHaveNoFindings() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int accounts = Math.floorMod(System.nanoTime(), 6_000);
    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsOnboardingStory.run(
          aws,
          accounts,
          folder,
          new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));
    }

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines)
        .extracting(line -> line.split(":", 2)[0].split(" \\{", 2)[0])
        .containsExactly(
            "STEP planned",
            "STEP applied",
            "STEP again",
            "STEP adopted",
            "STEP by-hand",
            "STEP drift",
            "RESULT");
    assertThat(lines.get(6)).isEqualTo("RESULT {\"again\":0,\"byHand\":2,\"drift\":1}");
    try (Stream<Path> templates = Files.list(folder)) {
      assertThat(AwsEmulator.lint(templates.sorted().toList())).isEmpty();
    }
  }
}
