package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.sparklaw.SparkLawStory;
import io.meshwork.examples.story.StoryReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random contracts on Spark, others in each build, which its seed repeats; {@code scripts/example
 * spark-law} takes more of them.
 */
@DisabledForJreRange(
    minVersion = 23,
    disabledReason = "Spark's Hadoop calls Subject.getSubject, which JDK 23 and later reject")
class SparkLawStoryTest {
  private static final int SEED =
      Integer.getInteger("mesh.tests.seed", new Random().nextInt(1_000_000));

  @TempDir private Path folder;

  @Test
  void executorsPublishWhatTheSdkPublishesUnderAnyContract() {
    assertThat(outputOf("4.1", 9, false, launch -> launch.executors(2)))
        .contains("RESULT {\"contracts\":9,\"slices\":36,", "\"differences\":0}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"4.1", "3.5", "3.5-iceberg-1.10", "3.5-iceberg-1.11", "4.0", "4.1-iceberg-1.11"})
  @Tag("nightly")
  void eachVersionPublishesWhatTheSdkPublishes(String version) {
    assertThat(outputOf(version, 20, true, launch -> launch.threads(2)))
        .contains("RESULT {\"contracts\":20,\"slices\":240,", "\"differences\":0}");
  }

  /** Returns what the story prints, after the seed. */
  private String outputOf(
      String version, int contracts, boolean eachNumberOfSlices, UnaryOperator<SparkLaunch> tasks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(("mesh.tests.seed=" + SEED + "\n").getBytes(StandardCharsets.UTF_8));
    SparkLawStory.run(
        version,
        folder,
        SEED,
        contracts,
        eachNumberOfSlices,
        true,
        launch -> tasks.apply(launch).program(PublishStatements.class),
        new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));
    return out.toString(StandardCharsets.UTF_8);
  }
}
