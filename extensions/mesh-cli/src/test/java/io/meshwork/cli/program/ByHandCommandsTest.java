package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command that onboarding prints does its step, as it is printed. */
class ByHandCommandsTest {
  private static final String BY_HAND = "by hand";
  private static final int MOST_RUNS = 9;

  private static final String ROLE_THAT_STAYS =
      """
      {"Resources": {"Role": {
        "Type": "AWS::IAM::Role",
        "DeletionPolicy": "Retain",
        "Properties": {
          "RoleName": "etl",
          "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "glue.amazonaws.com"}}]}}}}}
      """;

  @TempDir private Path folder;
  private TestShell shell;

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  private PrintedCommands commands;
  private String governance;
  private String commerce;
  private String tools;

  @BeforeEach
  void start() {
    shell = new TestShell(folder);
    commands = new PrintedCommands(aws, shell);
    governance = newAccount();
    commerce = newAccount();
    tools = newAccount();
    aws.withoutRole(governance, "mesh-deployer");
    aws.withoutRole(commerce, "mesh-deployer");
    aws.withoutRole(governance, "mesh-shop-" + tools + "-pipeline");
    aws.withoutRole(governance, "mesh-shop-reader");
  }

  private static String newAccount() {
    return "5" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }

  /** The address has all that registry roles and settings depend on. */
  private List<String> onboarding(String account, String... options) {
    List<String> all = new ArrayList<>(List.of("onboard-account", account));
    all.addAll(List.of(options));
    all.addAll(List.of("--deployed-by", tools, "--to", folder.resolve("it's here").toString()));
    all.addAll(
        List.of(
            "--mesh",
            "aws:eu-central-1/"
                + governance
                + "/shop?endpoint="
                + aws.endpoint()
                + "&lakeFormation&encryptedBy=arn:aws:kms:eu-central-1:"
                + governance
                + ":key/1234abcd&externalId=contract-7"));
    return all;
  }

  private List<String> ofGovernance() {
    return onboarding(governance, "--role", "mesh-admin=governance");
  }

  private List<String> ofCommerce() {
    return onboarding(
        commerce, "--domain", "commerce", "--owner", "it's ours", "--role", "etl=producer,steward");
  }

  /** Returns the steps of a plan of a pipeline, which has no right on the registry. */
  private List<JsonNode> plan(List<String> onboarding) throws IOException {
    aws.runAs(tools, "pipeline");
    List<String> plan = new ArrayList<>(onboarding);
    plan.addAll(List.of("--plan", "--json"));
    shell.run(plan.toArray(String[]::new));
    List<JsonNode> steps = new ArrayList<>();
    shell.json().get("steps").forEach(steps::add);
    return steps;
  }

  /**
   * Onboards an account, with each command that the next plan prints first.
   *
   * @return the subjects of what was done by hand
   */
  private List<String> onboard(List<String> onboarding) throws IOException {
    List<String> done = new ArrayList<>();
    for (int i = 0; i < MOST_RUNS; i++) {
      List<JsonNode> steps = plan(onboarding);
      if (steps.isEmpty()) {
        return done;
      }
      JsonNode step = steps.get(0);
      if (!step.get("verb").asText().equals(BY_HAND)) {
        shell.run(onboarding.toArray(String[]::new));
        continue;
      }
      String subject = step.get("subject").asText();
      runByHand(step);
      done.add(subject);
      assertThat(plan(onboarding))
          .as("after %s", step)
          .noneMatch(
              next ->
                  next.get("verb").asText().equals(BY_HAND)
                      && next.get("subject").asText().equals(subject));
    }
    throw new AssertionError("Steps stay: " + plan(onboarding));
  }

  /** Somebody with rights on what the step is about runs its command. */
  private void runByHand(JsonNode step) throws IOException {
    String subject = step.get("subject").asText();
    String account = subject.substring(subject.lastIndexOf(' ') + 1);
    boolean ofGovernance = subject.startsWith("domain ") || subject.startsWith("catalog ");
    commands.run(command(step), ofGovernance ? governance : account, "administrator");
  }

  private static String command(JsonNode step) {
    String detail = step.get("detail").asText();
    int aws = detail.lastIndexOf(": aws ");
    return detail.substring((aws < 0 ? detail.lastIndexOf(": mesh ") : aws) + 2);
  }

  @Test
  void whatIsPrintedIsDoneAndTheNextPlanDoesNotHaveIt() throws IOException {
    assertThat(onboard(ofGovernance()))
        .containsExactly("mesh-shop-deployer in " + governance, "mesh shop in " + governance);
    assertThat(onboard(ofCommerce()))
        .containsExactly("mesh-shop-deployer in " + commerce, "domain commerce of " + commerce);

    aws.runAs(commerce, "etl");
    List<String> mesh = ofCommerce();
    assertThat(shell.run("domain", "show", "commerce", "--mesh", mesh.get(mesh.size() - 1)))
        .as(shell.err())
        .isZero();
    assertThat(shell.out()).contains("it's ours");
  }

  @Test
  void aMeshOfSeveralCatalogsIsMadeAndGetsACatalogAsPrinted() throws IOException {
    List<String> mesh = with(ofGovernance(), "--catalog", "commerce=" + commerce);
    List<String> domain = with(ofCommerce(), "--catalog", "commerce=" + commerce);
    runByHand(plan(domain).get(0));

    assertThat(onboard(mesh))
        .contains("mesh-shop-deployer in " + governance, "mesh shop in " + governance);
    assertThat(onboard(domain))
        .endsWith("catalog commerce in " + commerce, "domain commerce of " + commerce);
  }

  private static List<String> with(List<String> onboarding, String... options) {
    List<String> all = new ArrayList<>(onboarding);
    all.addAll(2, List.of(options));
    return all;
  }

  @Test
  void aStackThatWasRolledBackIsDeletedAsPrinted() throws IOException {
    runByHand(plan(ofGovernance()).get(0));
    aws.on("s3", "PutBucketEncryption").fail500();
    shell.run(ofGovernance().toArray(String[]::new));
    aws.reset();
    JsonNode step = plan(ofGovernance()).get(0);
    assertThat(step.get("detail").asText()).contains("its status is ROLLBACK_COMPLETE");

    runByHand(step);

    assertThat(plan(ofGovernance()).get(0).get("verb").asText())
        .as("the bucket and the table stay")
        .isEqualTo("adopt");
    assertThat(onboard(ofGovernance())).containsExactly("mesh shop in " + governance);
  }

  @Test
  void aRollbackThatFailedIsContinuedAsPrinted() throws IOException {
    List<String> mesh = with(ofGovernance(), "--role", "reporter=reader");
    onboard(mesh);
    String trusted = "=glue.amazonaws.com";
    aws.on("iam", "UpdateAssumeRolePolicy").nth(2).fail500();
    aws.on("iam", "UpdateAssumeRolePolicy").nth(3).fail500();
    aws.runAs(tools, "pipeline");
    List<String> changed = with(mesh, "--trust", "mesh-admin" + trusted);
    shell.run(with(changed, "--trust", "reporter" + trusted).toArray(String[]::new));
    aws.reset();
    JsonNode step = plan(mesh).get(0);
    assertThat(step.get("detail").asText())
        .contains("its status is UPDATE_ROLLBACK_FAILED", "continue-update-rollback");

    runByHand(step);

    assertThat(plan(mesh)).isEmpty();
    assertThat(shell.json().get("findings")).as("drift").isEmpty();
  }

  @Test
  void whatAFindingSaysAboutProtectionEndsTheFinding() throws IOException {
    onboard(ofGovernance());
    String command = "aws cloudformation update-termination-protection --region eu-central-1";
    commands.run(
        command + " --no-enable-termination-protection --stack-name mesh-shop",
        governance,
        "administrator");
    plan(ofGovernance());
    JsonNode findings = shell.json().get("findings");
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).get("fix").asText()).startsWith(command);

    commands.run(findings.get(0).get("fix").asText(), governance, "administrator");

    plan(ofGovernance());
    assertThat(shell.json().get("findings")).isEmpty();
  }

  @Test
  void theUndoOfAChangeBringsBackTheTemplatesOfBefore() throws IOException {
    onboard(ofGovernance());
    List<String> more = with(ofGovernance(), "--role", "reporter=reader");
    JsonNode ofDeployer = plan(more).get(0);
    runByHand(ofDeployer);
    JsonNode change = plan(more).get(0);
    shell.run(more.toArray(String[]::new));
    assertThat(plan(more)).isEmpty();

    runUndo(change);
    runUndo(ofDeployer);

    assertThat(plan(ofGovernance())).isEmpty();
  }

  @Test
  void theUndoOfANewStackLeavesWhatWasTakenOver() throws IOException {
    onboard(ofGovernance());
    makeRole();
    runByHand(plan(ofCommerce()).get(0));
    JsonNode step = plan(ofCommerce()).get(0);
    assertThat(step.get("detail").asText()).contains("takes over, as it is, EtlRole");
    shell.run(ofCommerce().toArray(String[]::new));

    runUndo(step);

    assertThat(plan(ofCommerce()).get(0).get("detail").asText())
        .contains("takes over, as it is,")
        .contains("EtlRole");
  }

  /** CloudFormation takes over the policy of a bucket first; what follows may exist too. */
  @Test
  void theUndoOfAnImportLeavesWhatLaterChangesTookOver() throws IOException {
    onboard(ofGovernance());
    makeRole();
    runByHand(plan(ofCommerce()).get(0));
    List<String> mesh = ofCommerce();
    aws.runAs(commerce, "administrator");
    AwsMesh.makeBucket(AwsConfig.of(mesh.get(mesh.size() - 1)));
    JsonNode step = plan(mesh).get(0);
    assertThat(step.get("detail").asText())
        .contains("takes over, as it is, Bucket, BucketPolicy; then creates, or takes over");
    shell.run(mesh.toArray(String[]::new));
    assertThat(plan(mesh)).noneMatch(left -> left.get("subject").asText().startsWith("mesh-shop "));

    runUndo(step);
    List<JsonNode> again = plan(mesh);
    assertThat(again.get(0).get("detail").asText()).contains("takes over, as it is, Bucket");
    List<String> json = new ArrayList<>(mesh);
    json.add("--json");
    shell.run(json.toArray(String[]::new));

    List<JsonNode> done = new ArrayList<>();
    shell.json().get("done").forEach(done::add);
    assertThat(done.toString()).contains("takes over, as it is, EtlRole");
  }

  private void makeRole() throws IOException {
    aws.runAs(commerce, "administrator");
    aws.deploy("earlier", ROLE_THAT_STAYS);
    commands.run(
        "aws cloudformation delete-stack --region eu-central-1 --stack-name earlier",
        commerce,
        "administrator");
  }

  private void runUndo(JsonNode step) throws IOException {
    String subject = step.get("subject").asText();
    String undo = step.get("undo").asText();
    commands.run(undo, subject.substring(subject.lastIndexOf(' ') + 1), "administrator");
  }

  /** With the real AWS CLI, where it is installed: it waits for 35 seconds. */
  @Test
  @Tag("nightly")
  void theAwsCliRunsTheCommandAsPrinted() throws IOException, InterruptedException {
    assumeThat(execute("aws --version")).isZero();

    assertThat(execute(command(plan(ofGovernance()).get(0)))).isZero();

    assertThat(plan(ofGovernance()).get(0).get("verb").asText()).isEqualTo("create");
  }

  private int execute(String command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true);
    builder.environment().put("AWS_ACCESS_KEY_ID", aws.accessKey(governance));
    builder.environment().put("AWS_SECRET_ACCESS_KEY", aws.secretKey(governance));
    builder.environment().put("AWS_ENDPOINT_URL", aws.endpoint().toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      System.out.println(command + ": " + output);
    }
    return code;
  }
}
