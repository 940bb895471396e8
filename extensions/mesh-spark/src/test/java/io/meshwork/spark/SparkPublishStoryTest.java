package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.examples.sparkpublish.SparkPublishStory;
import io.meshwork.examples.story.StoryReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** The story of {@code scripts/example spark-publish}, with executors in processes. */
@DisabledForJreRange(
    minVersion = 23,
    disabledReason = "Spark's Hadoop calls Subject.getSubject, which JDK 23 and later reject")
class SparkPublishStoryTest {
  @TempDir private Path folder;

  @Test
  void anyNumberOfTasksPublishesWhatTheSdkPublishesAlsoIfAnExecutorIsKilled() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SparkPublishStory.run(
        folder, new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .extracting(line -> line.replaceFirst(":.*", ""))
        .containsExactly(
            "STEP published",
            "STEP quarantined",
            "STEP refused",
            "STEP replaced",
            "STEP two-versions",
            "STEP replayed",
            "STEP killed-executor",
            "STEP doctor",
            "RESULT {\"rows\"");
    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList().get(8))
        .isEqualTo(
            "RESULT {\"rows\":20000,\"rulesEqual\":true,\"measuresEqual\":true,"
                + "\"scoresEqual\":true,\"quarantineEqual\":true,\"filesLeft\":0}");
  }
}
