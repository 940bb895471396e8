package io.meshwork.examples.awsoperations;

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

/** The alarm of a domain follows its data, and its operator. */
class AwsOperationsStoryTest {
  @TempDir private Path folder;

  @Test
  void anAlarmIsOnForLateDataAndForADeadOperatorAndTheTemplatesHaveNoFindings() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int accounts = Math.floorMod(System.nanoTime(), 5_000);
    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsOperationsStory.run(
          aws,
          accounts,
          folder,
          new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));
    }

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines)
        .extracting(line -> line.split(":", 2)[0].split(" \\{", 2)[0])
        .containsExactly(
            "STEP metrics",
            "STEP late",
            "STEP fresh",
            "STEP runner-dead",
            "STEP dashboard",
            "STEP quality",
            "RESULT");
    assertThat(lines.get(1)).startsWith("STEP late: alarm=ALARM");
    assertThat(lines.get(2)).startsWith("STEP fresh: alarm=OK");
    assertThat(lines.get(3)).startsWith("STEP runner-dead: alarm=ALARM");
    assertThat(lines.get(6))
        .matches("RESULT \\{\"domains\":3,\"late\":0,\"spared\":[1-9][0-9]*\\}");
    try (Stream<Path> templates = Files.list(folder)) {
      assertThat(AwsEmulator.lint(templates.sorted().toList())).isEmpty();
    }
  }
}
