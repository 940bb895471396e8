package io.meshwork.examples.awsevents;

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

/** Each recipient gets its notices, and one without a bus delays nobody. */
class AwsEventsStoryTest {
  @TempDir private Path folder;

  @Test
  void noNoticeIsLostOrOutOfOrderAndTheTemplatesHaveNoFindings() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int accounts = Math.floorMod(System.nanoTime(), 6_000);
    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsEventsStory.run(
          aws,
          accounts,
          folder,
          new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));
    }

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines)
        .extracting(line -> line.split(":", 2)[0].split(" \\{", 2)[0])
        .containsExactly(
            "STEP received",
            "STEP refused",
            "STEP redelivered",
            "STEP mirrored",
            "STEP mailed",
            "RESULT");
    assertThat(lines.get(1)).isEqualTo("STEP refused: parked=1 others=delivered");
    assertThat(lines.get(5))
        .matches("RESULT \\{\"lost\":0,\"outOfOrder\":0,\"secondsToGlue\":[0-9]+\\}");
    try (Stream<Path> templates = Files.list(folder)) {
      assertThat(AwsEmulator.lint(templates.sorted().toList())).isEmpty();
    }
  }
}
