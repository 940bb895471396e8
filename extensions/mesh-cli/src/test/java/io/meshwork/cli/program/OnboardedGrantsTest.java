package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.meshwork.Mesh;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.cli.ExitCode;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.BatchPermissionsRequestEntry;
import software.amazon.awssdk.services.lakeformation.model.Permission;

/** What the mesh grants to the roles of an account comes with the account. */
class OnboardedGrantsTest {
  private static final String PLATFORM = "platform";
  private static final String ADMINISTRATOR = "administrator";
  private static final String ORDERS = "commerce/orders";

  @TempDir private Path folder;
  private TestShell shell;

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  private String governance;
  private String commerce;
  private String finance;
  private String address;

  @BeforeEach
  void start() throws IOException {
    shell = new TestShell(folder);
    governance = newAccount();
    commerce = newAccount();
    finance = newAccount();
    address =
        "aws:eu-central-1/" + governance + "/shop?endpoint=" + aws.endpoint() + "&lakeFormation";
    for (String account : List.of(governance, commerce, finance)) {
      aws.withoutRole(account, "mesh-deployer");
    }
    onboard(governance, "--role", "mesh-admin=governance");
    onboard(ofCommerce());
    as(
        commerce,
        "owner",
        mesh ->
            mesh.client().defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit());
    as(
        commerce,
        "owner",
        mesh -> mesh.client().publish(ORDERS).records(List.of(new SmallOrder("1", 1))).commit());
    as(governance, "mesh-operator", mesh -> mesh.mirrors().commit());
  }

  private static String newAccount() {
    return "5" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }

  private String[] ofCommerce() {
    return new String[] {
      commerce,
      "--domain",
      "commerce",
      "--owner",
      "commerce@example.org",
      "--role",
      "owner=steward,producer"
    };
  }

  /** The dashboard can be proven by the platform. */
  private String[] ofFinance() {
    return new String[] {
      finance,
      "--domain",
      "finance",
      "--owner",
      "finance@example.org",
      "--role",
      "analyst=consumer",
      "--role",
      "dashboard=engine-reader",
      "--trust",
      "dashboard=" + governance
    };
  }

  private int run(String[] account, String... options) {
    aws.runAs(governance, PLATFORM);
    List<String> all = new ArrayList<>(List.of("onboard-account"));
    all.addAll(List.of(account));
    all.addAll(List.of(options));
    all.addAll(List.of("--json", "--to", folder.toString(), "--mesh", address));
    return shell.run(all.toArray(String[]::new));
  }

  /** Sets an account up, with the stack of its deployer by hand. */
  private void onboard(String... account) throws IOException {
    if (run(account) == ExitCode.FINDINGS) {
      String step = shell.json().get("byHand").get(0).asText();
      new PrintedCommands(aws, shell)
          .run(step.substring(step.indexOf("aws cloudformation")), account[0], ADMINISTRATOR);
      assertThat(run(account)).as(shell.out() + shell.err()).isZero();
    }
  }

  private void as(String account, String role, Consumer<Mesh> use) {
    aws.runAs(account, ADMINISTRATOR);
    aws.assume(account, role);
    try (Mesh mesh = AwsMesh.connect(AwsConfig.of(address))) {
      use.accept(mesh);
    }
  }

  private void grant(String role) {
    Principal reader = Principal.of(finance, role);
    as(
        commerce,
        "owner",
        mesh -> mesh.client().grant(ORDERS).to(reader).because("Reports").commit());
  }

  private JsonNode plan() throws IOException {
    run(ofFinance(), "--plan");
    return shell.json();
  }

  @Test
  void grantsToRolesOfAnAccountAreMadeByItsOnboarding() throws IOException {
    onboard(ofFinance());
    assertThat(plan().get("steps")).as(shell.out()).isEmpty();
    grant("analyst");
    grant("dashboard");

    JsonNode steps = plan().get("steps");
    assertThat(steps).as(shell.out()).hasSize(1);
    assertThat(steps.get(0).get("verb").asText()).isEqualTo("share");
    assertThat(steps.get(0).get("detail").asText())
        .startsWith("as " + governance + "/mesh-operator, with all that the mirrors have to do: ")
        .contains("make", "analyst", "dashboard", "link", finance);
    assertThat(steps.get(0).get("undo").asText()).startsWith("revoke the grants in the mesh");
    assertThat(run(ofFinance(), "--planned", shell.json().get("fingerprint").asText()))
        .as(shell.out() + shell.err())
        .isZero();
    assertThat(shell.json().get("done").toString()).contains("share data with " + finance);

    assertThat(plan().get("steps")).as(shell.out()).isEmpty();
    assertThat(shell.json().get("findings")).isEmpty();
    as(governance, "mesh-operator", mesh -> assertThat(mesh.mirrors().plan().steps()).isEmpty());
  }

  @Test
  void grantsThatLakeFormationDoesNotMakeAreNamedAndTheNextRunMakesThem() throws IOException {
    String request = "BatchGrantPermissions";
    onboard(ofFinance());
    grant("analyst");
    aws.on("lakeformation", request).fail500();

    assertThat(run(ofFinance())).as(shell.out()).isEqualTo(ExitCode.FINDINGS);
    JsonNode failed = shell.json().get("left").get(0);
    assertThat(failed.get("code").asText()).isEqualTo("MIRROR_FAILED");
    assertThat(failed.get("where").asText()).contains("grant/", "analyst", finance);
    assertThat(failed.get("what").asText()).contains("Lake Formation answered Internal", "again");
    assertThat(shell.json().get("done").toString())
        .containsPattern("lakeformation[^:;]* in " + finance + "[^:;]*: 1 made\"]$");

    aws.reset();
    aws.on("lakeformation", request).nth(1).throttle();
    aws.on("lakeformation", request).nth(2).loseReply();
    assertThat(run(ofFinance())).as(shell.out() + shell.err()).isZero();
    assertThat(shell.json().get("done").toString()).contains("share data with " + finance);
    assertThat(aws.calls())
        .filteredOn(("lakeformation:" + request)::equals)
        .as("each of the two is sent once more")
        .hasSizeGreaterThan(2);

    assertThat(plan().get("steps")).as(shell.out()).isEmpty();
    assertThat(shell.json().get("findings")).isEmpty();
  }

  @Test
  void grantsThatAnAccountHasAreAdoptedAndAReaderIsTried() throws IOException {
    onboard(ofFinance());
    grant("dashboard");
    grantByHand("dashboard");

    assertThat(plan().get("steps").get(0).get("detail").asText()).contains("adopt");
    assertThat(run(ofFinance())).as(shell.out() + shell.err()).isZero();
    assertThat(plan().get("steps")).as(shell.out()).isEmpty();

    assertThat(run(ofFinance(), "--verify")).as(shell.out()).isZero();
    assertThat(shell.json().get("proven").toString()).contains(finance + "/dashboard");
    assertThat(shell.json().get("findings").toString()).doesNotContain("MIRROR");
    withoutLookUp("dashboard");
    assertThat(run(ofFinance(), "--verify")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.json().get("findings").toString()).contains("MIRROR_UNREADABLE", "dashboard");
  }

  /** Takes the permission to find tables from a role that queries them. */
  private void withoutLookUp(String role) throws IOException {
    String to = folder.resolve("setup").toString();
    List<String> all =
        new ArrayList<>(List.of("template", "cloudformation", "--mesh", address, "--to", to));
    all.addAll(List.of("--account", finance, "--domain", "finance", "--role", "analyst=consumer"));
    all.addAll(List.of("--role", role + "=engine-reader", "--trust", role + "=" + governance));
    assertThat(shell.run(all.toArray(String[]::new))).as(shell.err()).isZero();
    String body = Files.readString(Path.of(to, "mesh-shop." + finance + ".json"));
    JsonNode template = TestShell.JSON.readTree(body);
    JsonNode policies = template.at("/Resources/DashboardRole/Properties/Policies");
    for (JsonNode policy : policies) {
      ArrayNode statements = (ArrayNode) policy.at("/PolicyDocument/Statement");
      for (int i = statements.size() - 1; i >= 0; i--) {
        if (statements.get(i).path("Sid").asText().equals("LookUpTables")) {
          statements.remove(i);
        }
      }
    }
    aws.runAs(finance, ADMINISTRATOR);
    aws.deploy("mesh-shop", template.toString());
  }

  /** Grants what the mesh grants, as the role that the mirrors act as. */
  private void grantByHand(String role) {
    aws.runAs(governance, "mesh-operator");
    aws.assume(governance, "mesh-mirror");
    try (LakeFormationClient lake =
        LakeFormationClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .build()) {
      BatchPermissionsRequestEntry entry =
          BatchPermissionsRequestEntry.builder()
              .id("1")
              .principal(
                  to -> to.dataLakePrincipalIdentifier("arn:aws:iam::" + finance + ":role/" + role))
              .resource(
                  on ->
                      on.table(
                          table ->
                              table
                                  .catalogId(governance)
                                  .databaseName("commerce")
                                  .name("orders_v1")))
              .permissions(Permission.SELECT, Permission.DESCRIBE)
              .build();
      assertThat(lake.batchGrantPermissions(batch -> batch.entries(List.of(entry))).failures())
          .isEmpty();
    }
  }
}
