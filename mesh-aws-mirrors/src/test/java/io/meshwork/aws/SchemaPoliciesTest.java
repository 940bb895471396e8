package io.meshwork.aws;

import static io.meshwork.aws.GlueAccount.codes;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.testkit.aws.PermittedActions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The role mesh-mirror shows contracts with exactly the policies that {@link AwsPolicies} prints.
 */
class SchemaPoliciesTest {
  /** What a run needs only if others removed or emptied a domain. */
  private static final Set<String> UNUSED = Set.of("glue:DeleteRegistry", "glue:DeleteDatabase");

  record Rating(Optional<Long> rating) {}

  private static String trust(String trusted) {
    return Policies.policy(
        """
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},\
        "Action":["sts:AssumeRole","sts:TagSession"]}\
        """
            .formatted(trusted));
  }

  @Test
  void thePrintedPoliciesAreEnoughAndNothingMore() throws Exception {
    AwsLocal.emulator();
    try (AwsEmulator aws = AwsEmulator.start();
        GlueAccount account =
            GlueAccount.make(aws, config -> config.schemaRegistry().dataQuality())) {
      EmulatedClients admin = EmulatedClients.administrator(aws, account.account);
      admin.createRole("mesh-mirror", trust(account.account));
      AwsPolicies policies = AwsPolicies.of(account.config);
      put(admin, "registry", policies.registry(AwsRoleKind.mirror()));
      try (Mesh mesh =
          AwsMesh.builder(account.config, AwsLocal.role(account.account, "scheduler")).open()) {
        hasStepsByHand(mesh.mirrors().commit(), account);
        put(admin, "glue", policies.mirror());

        for (Contract contract : contracts()) {
          account.etl.amendContract(GlueAccount.READINGS, contract).because("x").commit();
          assertThat(mesh.mirrors().commit().remaining()).isEmpty();
        }
        put(admin, "glue", policies.mirror().replace("\"glue:RegisterSchemaVersion\",", ""));
        account
            .etl
            .amendContract(
                GlueAccount.READINGS,
                GlueAccount.WITH_NOTE
                    .addColumns(Contract.of(Rating.class))
                    .require(Rule.atLeast("id", 0), Rule.notNull("degrees")))
            .because("x")
            .commit();
        namesTheRegisteredVersion(mesh.mirrors().commit());
        put(admin, "glue", policies.mirror());
        account
            .etl
            .registerDomain(GlueAccount.DATABASE)
            .description("Other")
            .owner("plant@example.org")
            .accounts(account.account)
            .commit();
        assertThat(mesh.mirrors().commit().byHand()).isEmpty();
        account.retireFor(GlueAccount.KELVIN);
        assertThat(mesh.mirrors().commit().byHand()).isEmpty();
        assertThat(mesh.mirrors().commit().isEmpty()).isTrue();
      }
      TreeSet<String> printed = new TreeSet<>(actions(policies.mirror()));
      printed.removeAll(UNUSED);
      TreeSet<String> used =
          new TreeSet<>(
              PermittedActions.of(aws, "arn:aws:iam::" + account.account + ":role/mesh-mirror"));
      used.removeIf(action -> !action.startsWith("glue:"));
      assertThat(used).isEqualTo(printed);
    }
  }

  private static List<Contract> contracts() {
    Contract first = GlueAccount.FIRST.require(Rule.atLeast("id", 0));
    Contract second = first.require(Rule.notNull("degrees"));
    Contract third = GlueAccount.WITH_NOTE.require(Rule.atLeast("id", 0), Rule.notNull("degrees"));
    return List.of(first, second, third);
  }

  private static void hasStepsByHand(Mirrors.Report report, GlueAccount account) {
    assertThat(codes(report.remaining()))
        .containsOnly(FindingCode.MIRROR_UNREACHABLE)
        .hasSizeGreaterThanOrEqualTo(2);
    assertThat(report.byHand())
        .extracting(Plan.Step::detail)
        .anySatisfy(
            detail ->
                assertThat(detail)
                    .contains(
                        "aws glue create-registry --region eu-central-1 --registry-name mesh-"
                            + account.config.meshName()
                            + ".plant"))
        .anySatisfy(
            detail ->
                assertThat(detail)
                    .contains(
                        "aws glue create-schema",
                        "--data-format AVRO --compatibility FULL",
                        "--schema-definition '{\"type\":\"record\"",
                        "aws glue put-schema-version-metadata",
                        "MetadataKey=meshwork.contract,MetadataValue=1.0.0"));
  }

  private static void namesTheRegisteredVersion(Mirrors.Report report) {
    assertThat(report.byHand())
        .singleElement()
        .satisfies(
            step ->
                assertThat(step.detail().lines())
                    .satisfiesExactly(
                        register ->
                            assertThat(register)
                                .contains(
                                    "schema_version=$(aws glue register-schema-version",
                                    "--query VersionNumber --output text)"),
                        label ->
                            assertThat(label)
                                .contains("--schema-version-number VersionNumber=$schema_version"),
                        update ->
                            assertThat(update)
                                .contains("update-schema", "VersionNumber=$schema_version")));
  }

  private static List<String> actions(String policy) throws Exception {
    List<String> actions = new ArrayList<>();
    for (JsonNode statement : new ObjectMapper().readTree(policy).path("Statement")) {
      JsonNode action = statement.path("Action");
      if (action.isTextual()) {
        actions.add(action.asText());
      }
      action.forEach(each -> actions.add(each.asText()));
    }
    return actions;
  }

  private static void put(EmulatedClients admin, String name, String policy) {
    admin.iam(
        "PutRolePolicy",
        Map.of("RoleName", "mesh-mirror", "PolicyName", name, "PolicyDocument", policy));
  }
}
