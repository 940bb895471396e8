package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.examples.sparklaw.SparkLawStory;
import io.meshwork.examples.story.StoryReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** Random contracts on Spark; {@code scripts/example spark-law} takes more of them. */
@DisabledForJreRange(
    minVersion = 24,
    disabledReason = "Hadoop, which Spark uses, does not run on JDK 24 or later")
class SparkLawStoryTest {
  private static final int CONTRACTS = 6;

  @TempDir private Path folder;

  @Test
  void sparkPublishesWhatTheSdkPublishesUnderAnyContract() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SparkLawStory.run(
        folder, 1, CONTRACTS, new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("RESULT {\"contracts\":6,\"slices\":72,", "\"differences\":0}");
  }
}
