package io.meshwork.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an account has for roles that query tables with Athena. */
class AccountQueriesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROLE = "dashboard";
  private static final String KEY = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd";

  @TempDir private Path folder;

  private final String governance = newAccount();
  private final String finance = newAccount();
  private final AwsConfig config =
      AwsConfig.inRegion("eu-central-1")
          .mesh(governance, "q" + ThreadLocalRandom.current().nextLong(1_000_000_000L))
          .lakeFormation();

  private static String newAccount() {
    return "6" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }

  private AccountSetup ofFinance(AwsConfig mesh, AwsRoleKind... kinds) {
    return AccountSetup.of(mesh, finance).role(ROLE, kinds);
  }

  private static JsonNode workGroup(Template template) throws IOException {
    return JSON.readTree(template.body()).at("/Resources/WorkGroup");
  }

  private static JsonNode parsed(String policy) throws IOException {
    return JSON.readTree(policy).path("Statement");
  }

  /** Returns the IDs of the statements of a policy. */
  private static List<String> statements(String policy) throws IOException {
    List<String> ids = new ArrayList<>();
    parsed(policy).forEach(statement -> ids.add(statement.path("Sid").asText()));
    return ids;
  }

  @Test
  void aRoleThatQueriesTablesHasAWorkGroupAndNoRegistryRole() throws IOException {
    AccountSetup setup = ofFinance(config, AwsRoleKind.engineReader());
    Map<String, String> policies = setup.policies();

    assertThat(policies)
        .containsKeys(finance + "/dashboard/queries.json", finance + "/dashboard/trust.json")
        .containsEntry(
            finance + "/dashboard/queries.json",
            AwsPolicies.of(config).queries(finance, AwsRoleKind.engineReader()))
        .doesNotContainKeys(finance + "/dashboard/caller.json", finance + "/dashboard/files.json");
    assertThat(policies.keySet()).noneMatch(file -> file.endsWith("dashboard/registry.json"));
    assertThat(statements(policies.get(finance + "/dashboard/queries.json")))
        .containsExactly("LookUpTables", "ReadTables", "UseWorkGroup");
    JsonNode group = workGroup(setup.templates().get(1));
    assertThat(group.path("Type").asText()).isEqualTo("AWS::Athena::WorkGroup");
    assertThat(group.has("DeletionPolicy")).isFalse();
    assertThat(group.at("/Properties/WorkGroupConfiguration").toString())
        .isEqualTo(
            "{\"EnforceWorkGroupConfiguration\":true,\"PublishCloudWatchMetricsEnabled\":false,"
                + "\"ManagedQueryResultsConfiguration\":{\"Enabled\":true}}");
    assertThat(policies.get(finance + "/dashboard/queries.json"))
        .contains(
            "arn:aws:athena:eu-central-1:"
                + finance
                + ":workgroup/"
                + group.at("/Properties/Name").asText());
  }

  @Test
  void thePolicyBeginsWithTheStatementsOfReadersByEngines() throws IOException {
    AwsPolicies policies = AwsPolicies.of(config);

    assertThat(parsed(policies.queries(finance, AwsRoleKind.engineReader())))
        .containsAll(parsed(policies.engineReader()));
  }

  @Test
  void aConsumerThatQueriesTablesHasNoStatementTwice() throws IOException {
    Map<String, String> policies =
        ofFinance(config, AwsRoleKind.consumer("finance"), AwsRoleKind.engineReader()).policies();

    assertThat(statements(policies.get(finance + "/dashboard/queries.json")))
        .containsExactly("UseWorkGroup");
    assertThat(policies).containsKey(finance + "/dashboard/caller.json");
    assertThat(policies.get(finance + "/dashboard/files.json"))
        .contains("glue:GetTable", "lakeformation:GetDataAccess");
  }

  @Test
  void anAccountWithoutSuchARoleHasNothingOfAthena() {
    AccountSetup setup = ofFinance(config, AwsRoleKind.consumer("finance"));

    assertThat(setup.policies().values()).noneMatch(policy -> policy.contains("athena:"));
    assertThat(setup.templates()).noneMatch(template -> template.body().contains("Athena"));
  }

  @Test
  void resultsAreEncryptedWithTheKeyAndMetricsGoToCloudWatch() throws IOException {
    AccountSetup setup =
        ofFinance(config.encryptionKey(KEY).cloudWatch(), AwsRoleKind.engineReader());

    JsonNode settings =
        workGroup(setup.templates().get(1)).at("/Properties/WorkGroupConfiguration");
    assertThat(settings.path("PublishCloudWatchMetricsEnabled").asBoolean()).isTrue();
    assertThat(
            settings
                .at("/ManagedQueryResultsConfiguration/EncryptionConfiguration/KmsKey")
                .asText())
        .isEqualTo(KEY);
    assertThat(setup.policies().get(finance + "/dashboard/queries.json"))
        .contains("kms:DescribeKey", "athena.eu-central-1.amazonaws.com");
  }

  @Test
  void withoutLakeFormationNothingWouldDecideWhatTheRoleReads() {
    AwsConfig plain = AwsConfig.inRegion("eu-central-1").mesh(governance, "plain");

    assertThatThrownBy(() -> ofFinance(plain, AwsRoleKind.engineReader()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("engine reader", ROLE, "Lake Formation", "the kind consumer");
    assertThatThrownBy(() -> AwsPolicies.of(config).queries(finance, AwsRoleKind.reader()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no kind that queries tables");
    assertThatThrownBy(() -> AwsPolicies.of(config).registry(AwsRoleKind.engineReader()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no kind that uses the registry");
  }

  @Test
  void cfnLintFindsNothing() throws IOException {
    List<Path> files = new ArrayList<>();
    for (AwsConfig mesh : List.of(config, config.encryptionKey(KEY).cloudWatch())) {
      for (AccountSetup setup :
          List.of(
              AccountSetup.of(mesh, governance)
                  .role(ROLE, AwsRoleKind.engineReader())
                  .notices(finance)
                  .email("a@example.org"),
              ofFinance(mesh, AwsRoleKind.engineReader()))) {
        for (Template template : setup.templates()) {
          files.add(
              Files.writeString(
                  folder.resolve(files.size() + "-" + template.fileName()), template.body()));
        }
      }
    }

    assertThat(AwsEmulator.lint(files)).isEmpty();
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

  /** The deployer keeps the policy of before, by which it removes what it made. */
  @Test
  void theDeployerMakesChangesAndRemovesTheWorkGroupWithItsQueries() throws IOException {
    try (AwsEmulator aws = AwsEmulator.start()) {
      EmulatedClients administrator = EmulatedClients.administrator(aws, finance);
      AccountSetup setup = ofFinance(config, AwsRoleKind.engineReader());
      String name = workGroup(setup.templates().get(1)).at("/Properties/Name").asText();
      String named = "{\"WorkGroup\":\"" + name + "\"}";
      asDeployer(aws, AccountSetup.of(config, governance));
      asDeployer(aws, setup);
      asDeployer(aws, ofFinance(config.encryptionKey(KEY), AwsRoleKind.engineReader()));
      assertThat(administrator.athena("GetWorkGroup", named)).contains(KEY);
      asDeployer(aws, setup);
      assertThat(administrator.athena("GetWorkGroup", named))
          .contains("\"Enabled\":true")
          .doesNotContain(KEY);
      assertThat(aws.unusedStatements(finance))
          .noneMatch(statement -> statement.endsWith("/mesh-deployer deploy MakeWorkGroup"));
      administrator.athena(
          "StartQueryExecution",
          named.replace("}", ",\"QueryString\":\"SELECT * FROM \\\"sales\\\".\\\"orders\\\"\"}"));

      aws.runAs(governance, "administrator");
      aws.assume(finance, "mesh-deployer");
      Template without = AccountSetup.of(config, finance).templates().get(1);
      aws.deploy(without.stack(), without.body());

      assertThatThrownBy(() -> administrator.athena("GetWorkGroup", named))
          .hasMessageContaining("is not found");
    }
  }
}
