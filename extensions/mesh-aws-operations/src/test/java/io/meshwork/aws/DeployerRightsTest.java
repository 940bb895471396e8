package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.testkit.aws.PermittedActions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The deployer may do what it needs to make, change, and compare all stacks, and nothing else. */
class DeployerRightsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ONE_OF = 20;

  /** The role that a last change removes. */
  private static final String LEAVING = "etl";

  /** A role that queries tables, which a change removes with its work group. */
  private static final String DASHBOARD = "dashboard";

  /** An address that a change removes. */
  private static final String REMOVED = "former@example.org";

  /** What services answer if something does not exist. */
  private static final Pattern ABSENT =
      Pattern.compile(
          "EntityNotFoundException|NoSuchEntity|does not exist|WorkGroup .* is not found");

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();
  private OnboardedAccounts accounts;

  /** What is printed and not used is superfluous; what is used and not printed fails the run. */
  @Test
  void eachActionOfThePolicyIsUsed() throws IOException {
    run("none");

    for (AccountSetup setup : List.of(ofGovernance(full()), ofCommerce(full()))) {
      String account = setup.account();
      assertThat(
              PermittedActions.of(
                  aws, "arn:aws:iam::" + account + ":role/" + OnboardedAccounts.DEPLOYER))
          .as("the deployer of " + account)
          .containsExactlyInAnyOrderElementsOf(printed(setup));
    }
  }

  /** A build removes one or two actions, by its seed; at night, each. */
  @Test
  void noActionIsSuperfluous() throws IOException {
    removeEach(Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), ONE_OF), ONE_OF);
  }

  @Test
  @Tag("nightly")
  void noActionAtAllIsSuperfluous() throws IOException {
    removeEach(0, 1);
  }

  private void removeEach(int first, int step) throws IOException {
    accounts = newAccounts();
    List<String> distinct = List.copyOf(printed());
    assertThat(distinct).hasSizeGreaterThan(75);
    List<String> superfluous = new ArrayList<>();
    for (int i = first; i < distinct.size(); i += step) {
      String removed = distinct.get(i);
      Throwable failure = catchThrowable(() -> run(removed));
      if (failure == null) {
        superfluous.add(removed);
      } else {
        assertThat(failure).as(removed).isInstanceOf(IllegalStateException.class);
      }
    }
    assertThat(superfluous).isEmpty();
  }

  private OnboardedAccounts newAccounts() {
    OnboardedAccounts made = OnboardedAccounts.on(aws).with(AwsConfig::lakeFormation);
    Principal pipeline = Principal.of(made.other(), "pipeline");
    aws.withoutRole(made.governance(), AwsPolicies.of(made.config()).registryRole(pipeline));
    aws.withoutRole(made.governance(), made.config().table() + "-reader");
    return made;
  }

  /** Returns the actions of the policies of both accounts. */
  private Set<String> printed() throws IOException {
    Set<String> actions = new TreeSet<>(printed(ofGovernance(full())));
    actions.addAll(printed(ofCommerce(full())));
    return actions;
  }

  private static Set<String> printed(AccountSetup setup) throws IOException {
    Set<String> actions = new TreeSet<>();
    policy(JSON.readTree(setup.templates().get(0).body()))
        .path("Statement")
        .forEach(
            statement -> statement.path("Action").forEach(action -> actions.add(action.asText())));
    return actions;
  }

  private AwsConfig full() {
    return accounts
        .config()
        .cloudWatch()
        .encryptionKey("arn:aws:kms:eu-central-1:" + accounts.governance() + ":key/1234abcd");
  }

  private AccountSetup ofGovernance(AwsConfig config) {
    return AccountSetup.of(config, accounts.governance())
        .role("mesh-admin", AwsRoleKind.governance())
        .role(DASHBOARD, AwsRoleKind.engineReader())
        .notices(accounts.commerce())
        .email("owner@example.org", REMOVED)
        .deployedBy(accounts.other());
  }

  private AccountSetup ofCommerce(AwsConfig config) {
    return AccountSetup.of(config, accounts.commerce())
        .role(LEAVING, AwsRoleKind.producer("commerce"))
        .notices(accounts.governance())
        .deployedBy(accounts.other());
  }

  /**
   * Makes, changes, compares, adopts, and removes all stacks without an action.
   *
   * @throws IllegalStateException if something is left
   */
  private void run(String without) throws IOException {
    accounts = newAccounts();
    AwsConfig config = accounts.config();
    String governance = accounts.governance();
    String commerce = accounts.commerce();
    AccountSetup ofGovernance = ofGovernance(config.cloudWatch());
    AccountSetup ofCommerce = ofCommerce(config);
    AccountSetup failing =
        AccountSetup.of(config, commerce)
            .role(
                "loader", List.of("arn:aws:iam::" + commerce + ":role/none"), AwsRoleKind.reader());
    deployer(ofGovernance(full()), without);
    deployer(ofCommerce, without);
    pipeline(ofGovernance);
    aws.runAs(governance, OnboardedAccounts.ADMINISTRATOR);
    AwsMesh.make(config);
    requireDone(ofGovernance);
    requireDone(ofCommerce);
    adopt(without);
    deployOfBefore(ofGovernance.templates().get(1));
    requireDone(ofGovernance);
    requireDone(ofGovernance(full()).email("owner@example.org"));
    requireDone(
        ofGovernance(full())
            .email("owner@example.org")
            .notices()
            .role("mesh-admin", List.of("glue.amazonaws.com"), AwsRoleKind.governance()));
    if (subscriptions().contains(REMOVED)) {
      throw new IllegalStateException("An address still gets mail: " + subscriptions());
    }
    requireDone(
        AccountSetup.of(config.encryptionKey(full().kmsKey()), governance)
            .role("mesh-admin", AwsRoleKind.reader()));
    requireDone(ofCommerce.notices());
    requireDone(AccountSetup.of(config, commerce).role("loader", AwsRoleKind.producer("commerce")));
    requireDone(
        AccountSetup.of(config, commerce)
            .role("loader", List.of("glue.amazonaws.com"), AwsRoleKind.reader()));
    requireRemoved(governance, ofGovernance(full()).templates().get(1));
    requireRemoved(commerce, ofCommerce.templates().get(1));
    List<Finding> left = pipeline(failing).remaining();
    if (left.stream().noneMatch(finding -> finding.what().contains("Invalid principal"))) {
      throw new IllegalStateException("No event has the reason: " + left);
    }
    // The pipelines of others use the command of the CLI, which asks for the summary.
    aws.runAs(accounts.other(), "pipeline");
    aws.assume(commerce, OnboardedAccounts.DEPLOYER);
    Template same = ofCommerce.templates().get(1);
    aws.deploy(same.stack(), same.body());
  }

  /** Deploys what a release could have printed that described and kept things otherwise. */
  private void deployOfBefore(Template template) {
    aws.runAs(accounts.other(), "pipeline");
    aws.assume(template.account(), OnboardedAccounts.DEPLOYER);
    String before =
        template
            .body()
            .replace(" as a whole\"", "\"")
            .replace("The quality of each publish", "Quality of each publish")
            .replace("\"MessageRetentionPeriod\": 3600", "\"MessageRetentionPeriod\": 7200");
    assertThat(before.length()).isLessThan(template.body().length() - 10);
    aws.deploy(template.stack(), before);
  }

  private String subscriptions() {
    String topic =
        "arn:aws:sns:%s:%s:%s-mail"
            .formatted(aws.region(), accounts.governance(), accounts.config().table());
    return EmulatedClients.administrator(aws, accounts.governance())
        .sns("ListSubscriptionsByTopic", Map.of("TopicArn", topic));
  }

  /** A stack is complete although what its template no longer has could not be deleted. */
  private void requireRemoved(String account, Template template) throws IOException {
    EmulatedClients administrator = EmulatedClients.administrator(aws, account);
    String name = accounts.config().table();
    JsonNode resources = JSON.readTree(template.body()).path("Resources");
    List<String> left = new ArrayList<>();
    try (EventBridgeClient events = administrator.client(EventBridgeClient.builder());
        SqsClient queues = administrator.client(SqsClient.builder())) {
      for (JsonNode resource : resources) {
        JsonNode properties = resource.path("Properties");
        Runnable read =
            switch (resource.path("Type").asText()) {
              case "AWS::Events::EventBus" -> () -> events.describeEventBus(get -> get.name(name));
              case "AWS::SQS::Queue" ->
                  () ->
                      queues.getQueueUrl(
                          get -> get.queueName(properties.path("QueueName").asText()));
              case "AWS::SNS::Topic" -> this::subscriptions;
              case "AWS::Athena::WorkGroup" ->
                  () -> administrator.athena("GetWorkGroup", "{\"WorkGroup\":\"" + name + "\"}");
              case "AWS::Glue::Database" ->
                  () ->
                      administrator.glue(
                          "GetDatabase", "{\"Name\":\"" + name.replace('-', '_') + "\"}");
              case "AWS::IAM::Role" ->
                  () ->
                      administrator.iam(
                          "GetRole", Map.of("RoleName", properties.path("RoleName").asText()));
              default -> null;
            };
        if (read != null && exists(read)) {
          left.add(properties.toString());
        }
      }
    }
    List<String> kept =
        List.of("\"mesh-admin\"", "\"mesh-operator\"", "\"mesh-mirror\"", "\"mesh-registration\"");
    try (CloudFormationClient stacks = administrator.client(CloudFormationClient.builder())) {
      stacks
          .describeStackEvents(get -> get.stackName(template.stack()))
          .stackEvents()
          .forEach(event -> left.add(event.resourceStatusReason()));
    }
    left.removeIf(properties -> kept.stream().anyMatch(properties::contains));
    if (!left.isEmpty()) {
      throw new IllegalStateException("What was left out is still there: " + left);
    }
  }

  private static boolean exists(Runnable read) {
    try {
      read.run();
      return true;
    } catch (AwsServiceException | IllegalStateException e) {
      assertThat(e).as("the reason why it is not there").message().containsPattern(ABSENT);
      return false;
    }
  }

  /** An interrupted plan leaves a change set of the same name. */
  private void requireDone(AccountSetup setup) {
    pipelinePlan(setup);
    Report report = pipeline(setup);
    Plan<Report> again = pipelinePlan(setup);
    List<Plan.Step> steps =
        again.steps().stream().filter(step -> !step.subject().contains("-deployer ")).toList();
    if (!report.remaining().isEmpty() || !steps.isEmpty() || !again.findings().isEmpty()) {
      throw new IllegalStateException(
          "Left: " + report + " " + steps + " " + again.findings() + again);
    }
  }

  private Report pipeline(AccountSetup setup) {
    aws.runAs(accounts.other(), "pipeline");
    return accounts.run(setup);
  }

  private Plan<Report> pipelinePlan(AccountSetup setup) {
    aws.runAs(accounts.other(), "pipeline");
    return accounts.plan(setup);
  }

  /** Takes over a bucket with its policy in another account. */
  private void adopt(String without) throws IOException {
    String finance = "8" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
    aws.withoutRole(finance, OnboardedAccounts.DEPLOYER);
    aws.runAs(finance, OnboardedAccounts.ADMINISTRATOR);
    AwsMesh.makeBucket(accounts.config());
    AccountSetup setup = AccountSetup.of(accounts.config(), finance).deployedBy(accounts.other());
    deployer(setup, without);
    requireDone(setup);
  }

  private void deployer(AccountSetup setup, String without) throws IOException {
    Template template = setup.templates().get(0);
    JsonNode body = JSON.readTree(template.body());
    ArrayNode statements = (ArrayNode) policy(body).path("Statement");
    for (JsonNode statement : statements) {
      ArrayNode actions = (ArrayNode) statement.path("Action");
      for (int i = actions.size() - 1; i >= 0; i--) {
        if (actions.get(i).asText().equals(without)) {
          actions.remove(i);
        }
      }
      if (statement.path("Sid").asText().equals("MakeRoles")) {
        // It also makes a role that comes later.
        ((ArrayNode) statement.path("Resource"))
            .add("arn:aws:iam::" + template.account() + ":role/loader");
      }
    }
    statements.removeIf(statement -> statement.path("Action").isEmpty());
    aws.runAs(template.account(), OnboardedAccounts.ADMINISTRATOR);
    aws.deploy(template.stack(), body.toString());
  }

  private static JsonNode policy(JsonNode body) {
    return body.at("/Resources/MeshDeployerRole/Properties/Policies/0/PolicyDocument");
  }
}
