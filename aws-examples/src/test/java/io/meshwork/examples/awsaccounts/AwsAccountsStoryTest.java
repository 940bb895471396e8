package io.meshwork.examples.awsaccounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The story prints what it read, and needs each part of each template. */
class AwsAccountsStoryTest {
  private static final TemplateParts.Story STORY =
      new TemplateParts.Story() {
        @Override
        public List<Template> templates(AwsEmulator aws, int number, Path folder) {
          return AwsAccountsStory.templates(aws, number, folder);
        }

        @Override
        public void run(
            AwsEmulator aws,
            int number,
            List<Template> templates,
            Path folder,
            StoryReport report) {
          AwsAccountsStory.run(aws, number, templates, folder, report);
        }
      };

  @TempDir private Path folder;

  @Test
  void theStoryRunsOnAccountsThatOnlyTemplatesMade() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsAccountsStory.run(
          aws, folder, new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));
    }

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines)
        .extracting(line -> line.split(":", 2)[0].split(" \\{", 2)[0])
        .containsExactly(
            "STEP linted", "STEP deployed", "STEP published", "STEP linked", "STEP read", "RESULT");
    assertThat(lines.get(5))
        .isEqualTo(
            "RESULT {\"accounts\":5,\"rolesByHand\":0,\"stepsByHand\":6,\"rowsRead\":5,"
                + "\"superfluous\":0}");
    assertThat(folder.resolve("mesh-market-from-626161616161.616161616161.json"))
        .content()
        .contains("AWS::IAM::RolePolicy");
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
    try (AwsEmulator aws = AwsEmulator.start()) {
      assertThat(TemplateParts.count(STORY, aws, folder)).isGreaterThan(150);
      assertThat(TemplateParts.superfluous(STORY, most, aws, folder)).isEmpty();
    }
  }
}
