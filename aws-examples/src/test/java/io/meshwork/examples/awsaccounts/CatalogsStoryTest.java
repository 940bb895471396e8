package io.meshwork.examples.awsaccounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.examples.story.StoryReport;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh of two catalogs works on accounts that only templates made, and needs each part. */
class CatalogsStoryTest {
  private static final TemplateParts.Story STORY = CatalogsStory.STORY;

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  @TempDir private Path folder;

  @Test
  void theStoryRunsAndEachStatementDecidesARequest() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);

    STORY.run(aws, 7171, STORY.templates(aws, 7171, folder), folder, new StoryReport(printed));

    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .hasSize(7)
        .last()
        .isEqualTo("RESULT {\"superfluous\":0}");
  }

  /** A build removes a part, by its seed. */
  @Test
  void theStoryFailsWithoutAPart() throws IOException {
    requireEach(1);
  }

  @Test
  @Tag("nightly")
  void theStoryFailsWithoutAnyPart() throws IOException {
    requireEach(Integer.MAX_VALUE);
  }

  private void requireEach(int most) throws IOException {
    assertThat(TemplateParts.count(STORY, aws, folder)).isGreaterThan(150);
    assertThat(TemplateParts.superfluous(STORY, most, aws, folder)).isEmpty();
  }
}
