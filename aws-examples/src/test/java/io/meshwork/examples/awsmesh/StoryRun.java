package io.meshwork.examples.awsmesh;

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

/**
 * The output of a story. No other test has its accounts, and its templates have no findings.
 *
 * @param lines what the story printed
 */
public record StoryRun(List<String> lines) {
  /** A story on AWS. */
  public interface Story {
    /**
     * Runs it.
     *
     * @param accounts the number of the first account
     * @param folder where its templates are written
     */
    void run(AwsEmulator aws, int accounts, Path folder, StoryReport report);
  }

  /**
   * Runs a story.
   *
   * @param numbers how many numbers of a first account there are
   */
  public static StoryRun of(Story story, int numbers, Path folder) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AwsEmulator aws = AwsEmulator.start()) {
      story.run(
          aws,
          Math.floorMod(System.nanoTime(), numbers),
          folder,
          new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));
    }
    try (Stream<Path> templates = Files.list(folder)) {
      assertThat(AwsEmulator.lint(templates.sorted().toList())).isEmpty();
    }
    return new StoryRun(out.toString(StandardCharsets.UTF_8).lines().toList());
  }

  /** Returns the names of its steps, such as {@code STEP received}, and the word {@code RESULT}. */
  public List<String> steps() {
    return lines.stream().map(line -> line.split(":", 2)[0].split(" \\{", 2)[0]).toList();
  }
}
