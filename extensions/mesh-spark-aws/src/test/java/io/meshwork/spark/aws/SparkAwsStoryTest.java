package io.meshwork.spark.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.examples.sparkaws.SparkAwsStory;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** The story of {@code scripts/example spark-aws}, with executors in processes. */
@DisabledForJreRange(
    minVersion = 23,
    disabledReason = "Spark's Hadoop calls Subject.getSubject, which JDK 23 and later reject")
class SparkAwsStoryTest {
  @TempDir private Path folder;

  @Test
  void executorsPublishWithTheirOnePolicyAndNeverCallTheRegistry() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AwsEmulator aws = AwsEmulator.start()) {
      SparkAwsStory.run(
          aws, folder, new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));
    }

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines)
        .extracting(line -> line.replaceFirst(":.*", ""))
        .containsExactly(
            "STEP policy",
            "STEP published",
            "STEP calls",
            "STEP other-product",
            "STEP unwritten",
            "STEP unread",
            "STEP killed-executor",
            "STEP secret",
            "STEP killed-driver",
            "STEP registry",
            "STEP maintained",
            "RESULT {\"rows\"");
    assertThat(lines.get(11))
        .isEqualTo("RESULT {\"rows\":4221,\"executorCallsToDynamoDb\":0,\"filesLeft\":0}");
  }
}
