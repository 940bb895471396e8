package io.meshwork.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the templates of an account have for events, notices, and mail. */
class AccountNoticesTest {
  private static final String KEY = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd";

  @TempDir private Path folder;

  private final String governance = newAccount();
  private final String commerce = newAccount();
  private final AwsConfig config =
      AwsConfig.inRegion("eu-central-1")
          .mesh(governance, "n" + ThreadLocalRandom.current().nextLong(1_000_000_000L))
          .lakeFormation();

  private static String newAccount() {
    return "6" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }

  private AccountSetup ofGovernance() {
    return AccountSetup.of(config, governance).role("mesh-admin", AwsRoleKind.governance());
  }

  private AccountSetup ofCommerce(AwsConfig mesh) {
    return AccountSetup.of(mesh, commerce).role("etl", AwsRoleKind.maintenance("commerce"));
  }

  private void asDeployer(AwsEmulator aws, AccountSetup setup) {
    for (Template template : setup.templates()) {
      if (template.stack().endsWith("-deployer")) {
        aws.runAs(template.account(), "administrator");
      } else {
        aws.runAs(governance, "administrator");
        aws.assume(template.account(), "mesh-deployer");
      }
      aws.deploy(template.stack(), template.body());
    }
  }

  /** The deployer keeps the policy of the first template, by which it removes what it made. */
  @Test
  void theDeployerMakesChangesAndRemovesItAllAndNeedsEachStatement() {
    try (AwsEmulator aws = AwsEmulator.start()) {
      asDeployer(aws, ofGovernance().notices(commerce).email("a@example.org"));
      asDeployer(aws, ofCommerce(config).notices().email("b@example.org", "c@example.org"));
      asDeployer(aws, ofCommerce(config).notices(governance).email("b@example.org"));
      asDeployer(aws, ofGovernance().notices().email("a@example.org"));

      assertThat(aws.unusedStatements(governance, commerce))
          .filteredOn(statement -> statement.contains("/mesh-deployer "))
          .noneMatch(
              statement ->
                  statement.matches(
                      ".* (MakeBus|MakeRule|MakeQueues|MakeTopic|MakeSubscriptions|UseSender)"));
      List<String> before = aws.calls();
      aws.runAs(governance, "administrator");
      aws.assume(commerce, "mesh-deployer");
      Template without = ofCommerce(config).templates().get(1);
      aws.deploy(without.stack(), without.body());

      assertThat(aws.calls().subList(before.size(), aws.calls().size()))
          .contains(
              "events:DeleteEventBus",
              "events:DeleteRule",
              "sqs:DeleteQueue",
              "sns:DeleteTopic",
              "sns:Unsubscribe");
    }
  }

  @Test
  void cfnLintFindsNothingAndOnlyTheRuleOfTheBusMayUseQueuesAndTopic() throws IOException {
    List<Path> files = new ArrayList<>();
    for (AwsConfig mesh : List.of(config, config.encryptionKey(KEY))) {
      for (AccountSetup setup :
          List.of(
              AccountSetup.of(mesh, governance).notices(commerce),
              ofCommerce(mesh).notices(governance).email("b@example.org"))) {
        for (Template template : setup.templates()) {
          files.add(
              Files.writeString(
                  folder.resolve(files.size() + "-" + template.fileName()), template.body()));
        }
        assertThat(setup.policies())
            .allSatisfy(
                (name, policy) -> {
                  if (name.matches(".*(queue|topic).json")) {
                    assertThat(policy)
                        .contains("events.amazonaws.com", "aws:SourceArn", ":rule/mesh-")
                        .doesNotContain("\"AWS\"");
                  }
                });
      }
    }
    assertThat(ofCommerce(config.encryptionKey(KEY)).email("b@x").templates().get(1).body())
        .contains("\"KmsMasterKeyId\": \"" + KEY + "\"");
    assertThat(AwsEmulator.lint(files)).isEmpty();
  }

  @Test
  void theTopicAdmitsTheAlarmsOfTheMeshInTheSameAccountIfItHasMetrics() {
    String topic = commerce + "/mail-topic.json";
    AccountSetup setup = ofCommerce(config.cloudWatch()).email("b@example.org");

    assertThat(setup.policies().get(topic))
        .contains("cloudwatch.amazonaws.com")
        .contains(":cloudwatch:eu-central-1:" + commerce + ":alarm:mesh-n");
    assertThat(ofCommerce(config).email("b@example.org").policies().get(topic))
        .doesNotContain("cloudwatch");
    assertThat(ofCommerce(config.cloudWatch()).notices().policies()).doesNotContainKey(topic);
  }

  @Test
  void mailGoesToAddressesAlone() {
    assertThatThrownBy(() -> ofGovernance().email())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("is empty");
    assertThatThrownBy(() -> ofGovernance().email("owner"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'owner'");
    assertThat(ofGovernance().notices().templates().get(1).body()).doesNotContain("AWS::SNS");
    assertThat(ofGovernance().email("Aa@x.org", "BB@x.org", "Aa@x.org").templates().get(1).body())
        .as("one for each address, also if hash codes are equal")
        .containsOnlyOnce("\"Aa@x.org\"")
        .containsOnlyOnce("\"BB@x.org\"");
  }
}
