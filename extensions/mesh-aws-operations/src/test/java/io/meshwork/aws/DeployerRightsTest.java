package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The deployer may do what it needs to make, change, and compare all stacks, and nothing else. */
class DeployerRightsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ONE_OF = 20;

  /** The role that a last change removes. */
  private static final String LEAVING = "etl";

  /** A role that queries tables, which a change removes with its work group. */
  private static final String DASHBOARD = "dashboard";

  private AwsEmulator aws;
  private OnboardedAccounts accounts;

  @BeforeEach
  void start() {
    aws = AwsEmulator.start();
  }

  @AfterEach
  void close() {
    if (aws != null) {
      aws.close();
    }
  }

  /** A build removes one or two actions, by its seed; at night, each. */
  @Test
  void noActionIsSuperfluous() throws IOException {
    run("none");
    removeEach(Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), ONE_OF), ONE_OF);
  }

  @Test
  @Tag("nightly")
  void noActionAtAllIsSuperfluous() throws IOException {
    removeEach(0, 1);
  }

  private void removeEach(int first, int step) throws IOException {
    accounts = newAccounts();
    List<String> actions = new ArrayList<>();
    policy(JSON.readTree(ofGovernance(accounts.config()).templates().get(0).body()))
        .path("Statement")
        .forEach(
            statement -> statement.path("Action").forEach(action -> actions.add(action.asText())));
    List<String> distinct = actions.stream().distinct().toList();
    assertThat(distinct).hasSizeGreaterThan(30);
    for (int i = first; i < distinct.size(); i += step) {
      String removed = distinct.get(i);

      assertThatThrownBy(() -> run(removed)).as(removed).isInstanceOf(IllegalStateException.class);
    }
  }

  private OnboardedAccounts newAccounts() {
    OnboardedAccounts made = OnboardedAccounts.on(aws).with(AwsConfig::lakeFormation);
    Principal pipeline = Principal.of(made.other(), "pipeline");
    aws.withoutRole(made.governance(), AwsPolicies.of(made.config()).registryRole(pipeline));
    aws.withoutRole(made.governance(), made.config().table() + "-reader");
    return made;
  }

  private AccountSetup ofGovernance(AwsConfig config) {
    return AccountSetup.of(config, accounts.governance())
        .role("mesh-admin", AwsRoleKind.governance())
        .role(DASHBOARD, AwsRoleKind.engineReader())
        .deployedBy(accounts.other());
  }

  /**
   * Makes, changes, compares, and adopts all stacks without an action.
   *
   * @throws IllegalStateException if something is left
   */
  private void run(String without) throws IOException {
    accounts = newAccounts();
    AwsConfig config = accounts.config();
    String governance = accounts.governance();
    String commerce = accounts.commerce();
    String key = "arn:aws:kms:eu-central-1:" + governance + ":key/1234abcd";
    AccountSetup ofGovernance = ofGovernance(config);
    AccountSetup ofCommerce =
        AccountSetup.of(config, commerce)
            .role(LEAVING, AwsRoleKind.producer("commerce"))
            .deployedBy(accounts.other());
    AccountSetup failing =
        AccountSetup.of(config, commerce)
            .role(
                "loader", List.of("arn:aws:iam::" + commerce + ":role/none"), AwsRoleKind.reader());
    deployer(ofGovernance, without);
    deployer(ofCommerce, without);
    pipeline(ofGovernance);
    aws.runAs(governance, OnboardedAccounts.ADMINISTRATOR);
    AwsMesh.make(config);
    requireDone(ofGovernance);
    adoptable(commerce);
    requireDone(ofCommerce);
    requireDone(ofGovernance(config.encryptionKey(key)));
    requireDone(
        AccountSetup.of(config.encryptionKey(key), governance)
            .role("mesh-admin", AwsRoleKind.reader()));
    requireDone(AccountSetup.of(config, commerce).role("loader", AwsRoleKind.producer("commerce")));
    requireDone(
        AccountSetup.of(config, commerce)
            .role("loader", List.of("glue.amazonaws.com"), AwsRoleKind.reader()));
    if (exists(commerce, LEAVING) || exists(governance, DASHBOARD) || hasWorkGroup()) {
      throw new IllegalStateException("What was left out is still there");
    }
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

  /** A bucket with its policy, which the deployer takes over. */
  private void adoptable(String account) {
    aws.runAs(account, OnboardedAccounts.ADMINISTRATOR);
    AwsMesh.makeBucket(accounts.config());
  }

  private void deployer(AccountSetup setup, String without) throws IOException {
    Template template = setup.templates().get(0);
    JsonNode body = JSON.readTree(template.body());
    for (JsonNode statement : policy(body).path("Statement")) {
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
    ArrayNode statements = (ArrayNode) policy(body).path("Statement");
    for (int i = statements.size() - 1; i >= 0; i--) {
      if (statements.get(i).path("Action").isEmpty()) {
        statements.remove(i);
      }
    }
    aws.runAs(template.account(), OnboardedAccounts.ADMINISTRATOR);
    aws.deploy(template.stack(), body.toString());
  }

  private static JsonNode policy(JsonNode body) {
    return body.at("/Resources/MeshDeployerRole/Properties/Policies/0/PolicyDocument");
  }

  private boolean hasWorkGroup() {
    String group = "{\"WorkGroup\": \"" + accounts.config().table() + "\"}";
    try {
      EmulatedClients.administrator(aws, accounts.governance()).athena("GetWorkGroup", group);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private boolean exists(String account, String role) {
    return EmulatedClients.administrator(aws, account)
        .iam("ListRoles", Map.of())
        .contains("<RoleName>" + role + "</RoleName>");
  }
}
