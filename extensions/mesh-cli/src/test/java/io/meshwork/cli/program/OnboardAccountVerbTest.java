package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.cli.ExitCode;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb onboard-account: accounts are set up from a terminal. */
class OnboardAccountVerbTest {
  @TempDir private Path folder;
  private TestShell shell;

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  private String governance;
  private String commerce;

  @BeforeEach
  void start() {
    shell = new TestShell(folder);
    governance = newAccount();
    commerce = newAccount();
    aws.withoutRole(governance, "mesh-deployer");
    aws.withoutRole(commerce, "mesh-deployer");
    aws.runAs(governance, "platform");
  }

  private static String newAccount() {
    return "5" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }

  private int run(String account, String... options) {
    List<String> all = new ArrayList<>(List.of("onboard-account", account));
    all.addAll(Arrays.asList(options));
    all.addAll(
        List.of(
            "--to",
            folder.toString(),
            "--mesh",
            "aws:eu-central-1/" + governance + "/shop?endpoint=" + aws.endpoint()));
    return shell.run(all.toArray(String[]::new));
  }

  @Test
  void aPlanIsAppliedAndTheNextOneIsEmpty() throws IOException {
    String[] role = {"--role", "mesh-admin=governance"};
    assertThat(run(governance, with(role, "--plan", "--json"))).as(shell.err()).isZero();
    JsonNode plan = shell.json();
    QuestionSchemas.check("change-plan", plan);
    assertThat(plan.get("steps").findValuesAsText("verb"))
        .containsExactly("create", "create", "make");
    String fingerprint = plan.get("fingerprint").asText();

    assertThat(run(governance, with(role, "--planned", "0" + fingerprint.substring(1) + "f")))
        .isEqualTo(ExitCode.CONFLICT);
    assertThat(run(governance, with(role, "--planned", fingerprint))).as(shell.err()).isZero();
    QuestionSchemas.check("change", shell.json());
    assertThat(shell.json().get("status").asText()).isEqualTo("onboarded");
    assertThat(shell.json().get("done")).hasSize(3);

    assertThat(run(governance, with(role, "--plan"))).isZero();
    assertThat(shell.out()).contains("nothing to change");
    assertThat(run(governance, with(role, "--planned", fingerprint))).isEqualTo(ExitCode.CONFLICT);
  }

  @Test
  void whatThisProcessMayNotDoIsACommandAndExits20() throws IOException {
    assertThat(run(commerce, "--domain", "commerce", "--role", "etl=producer"))
        .isEqualTo(ExitCode.FINDINGS);

    QuestionSchemas.check("change", shell.json());
    assertThat(shell.json().get("done")).isEmpty();
    assertThat(shell.json().get("byHand").toString())
        .contains(
            "aws cloudformation deploy --region eu-central-1 --template-file "
                + folder.resolve("mesh-shop-deployer." + commerce + ".json")
                + " --capabilities CAPABILITY_NAMED_IAM --stack-name mesh-shop-deployer");
  }

  @Test
  void theDomainIsRegisteredByThePlan() throws IOException {
    assertThat(run(governance, "--role", "mesh-admin=governance")).as(shell.err()).isZero();
    String[] options = {
      "--domain", "commerce", "--owner", "The team", "--role", "etl=producer,steward"
    };
    deployDeployer(options);

    assertThat(run(commerce, with(options, "--plan", "--json"))).as(shell.err()).isZero();
    assertThat(shell.json().get("steps").findValuesAsText("verb"))
        .containsExactly("create", "create", "register");
    assertThat(run(commerce, options)).as(shell.err()).isZero();
    assertThat(run(commerce, with(options, "--plan"))).isZero();
    assertThat(shell.out()).contains("nothing to change");
    assertThat(run(commerce, "--owner", "The team")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Add --domain");
  }

  /** Deploys the stack of the deployer of commerce from its template, as its administrator. */
  private void deployDeployer(String... options) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "template",
                "cloudformation",
                "--mesh",
                "aws:eu-central-1/" + governance + "/shop",
                "--account",
                commerce,
                "--to",
                folder.resolve("setup").toString()));
    for (int i = 0; i < options.length; i += 2) {
      if (!options[i].equals("--owner")) {
        all.addAll(List.of(options[i], options[i + 1]));
      }
    }
    assertThat(shell.run(all.toArray(String[]::new))).as(shell.err()).isZero();
    String stack = "mesh-shop-deployer";
    aws.runAs(commerce, "administrator");
    aws.deploy(
        stack, Files.readString(folder.resolve("setup").resolve(stack + "." + commerce + ".json")));
    aws.runAs(governance, "platform");
  }

  @Test
  void rolesAreProvenByTheirUse() throws IOException {
    String[] role = {"--role", "mesh-admin=governance"};
    assertThat(run(governance, role)).as(shell.err()).isZero();

    assertThat(run(governance, with(role, "--verify", "--json"))).as(shell.err()).isZero();
    QuestionSchemas.check("findings", shell.json());
    assertThat(shell.json().get("proven").toString())
        .contains(governance + "/mesh-admin", governance + "/mesh-deployer");
    assertThat(run(governance, with(role, "--verify", "--plan"))).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  private static String[] with(String[] options, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(options));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }
}
