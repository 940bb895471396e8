package io.meshwork.examples.awsmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwsMeshStoryTest {
  private static final String TRUST =
      """
      {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::333333333333:root"},
            "Action": "sts:AssumeRole"
          }
        ]
      }""";

  @TempDir private Path folder;

  @Test
  void fiveAccountsComeFromNothingToAFirstReadAndARefusalWithTheirPoliciesOnly()
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int calls;
    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsMeshStory.run(
          aws, folder, new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)));
      calls = aws.calls().size();
      assertThat(aws.calls())
          .contains(
              "sts:AssumeRole",
              "s3:PutObject",
              "dynamodb:TransactWriteItems",
              "glue:CreateTable",
              "ram:AcceptResourceShareInvitation",
              "lakeformation:GetTemporaryGlueTableCredentials");
    }

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines)
        .extracting(line -> line.replaceFirst(":.*| \\{.*", ""))
        .containsExactly(
            "STEP accounts",
            "STEP onboarded",
            "STEP published",
            "STEP mirrored",
            "STEP requested",
            "STEP approved",
            "STEP linked",
            "STEP read",
            "STEP tag-changed",
            "STEP read-refused",
            "RESULT");
    assertThat(lines.get(9)).contains("LakeFormation", "AccessDeniedException", "Required SELECT");
    JsonNode result = new ObjectMapper().readTree(lines.get(10).substring("RESULT ".length()));
    assertThat(result.fieldNames())
        .toIterable()
        .containsExactly(
            "accounts", "rowsRead", "rowsReadAfterTagChange", "apiCalls", "stepsByHand");
    assertThat(result.get("accounts").asInt()).isEqualTo(5);
    assertThat(result.get("rowsRead").asInt()).isEqualTo(5);
    assertThat(result.get("rowsReadAfterTagChange").asInt()).isZero();
    assertThat(result.get("apiCalls").asInt()).isEqualTo(calls).isGreaterThan(500);
    assertThat(result.get("stepsByHand").asInt()).isBetween(40, 60);
    assertThat(folder.resolve("222222222222/commerce-etl/files.json"))
        .content()
        .contains("\"WriteData\"");
    assertThat(folder.resolve("444444444444/mesh-mirror/recipient.json"))
        .content()
        .contains("ram:AcceptResourceShareInvitation", "glue:CreateTable");
    assertThat(folder.resolve("111111111111/mesh-shop-444444444444-analyst/trust.json"))
        .content()
        .contains("arn:aws:iam::444444444444:role/analyst");
  }

  @Test
  void rolesThatExistAreNotTakenForThoseOfTheStory() {
    try (AwsEmulator aws = AwsEmulator.start()) {
      new IamAdministrator(aws, "333333333333").createRole("visitor", TRUST);

      assertThatThrownBy(
              () -> new IamAdministrator(aws, "333333333333").createRole("visitor", TRUST))
          .isInstanceOf(StoryFailedException.class)
          .hasMessageContainingAll("CreateRole", "333333333333", "start a new one");
    }
  }

  @Test
  void whatTheEmulatorLacksIsPrinted() throws Exception {
    Path err = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmesh.python=no-python",
                "-cp",
                System.getProperty("java.class.path"),
                AwsMeshStory.class.getName(),
                folder.resolve("policies").toString())
            .redirectError(err.toFile())
            .redirectOutput(folder.resolve("out.txt").toFile())
            .start();

    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("out.txt"))).isEmpty();
    assertThat(Files.readString(err))
        .contains(
            "moto does not run in 'no-python'. Install it with: no-python -m pip install",
            "Cannot run aws-mesh without the AWS emulator");
  }
}
