package io.meshwork.aws.stack;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.OrganizationSetup;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;

/** The service control policy of an organization binds the administrators of its members. */
class OrganizationPolicyTest {
  private static final String DENIED = "with an explicit deny in a service control policy";

  private final String management = newAccount();
  private final String governance = newAccount();
  private final String commerce = newAccount();
  private AwsEmulator aws;
  private OrganizationSetup setup;

  private static String newAccount() {
    return "5" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }

  @BeforeEach
  void start() {
    aws = AwsEmulator.start();
    aws.organization(management, governance, commerce);
    setup =
        OrganizationSetup.of(
            AwsConfig.inRegion(aws.region()).mesh(governance, "market"), management, "r-abcd");
    deploy(setup);
    aws.moveAccount(commerce, "Domains");
  }

  @AfterEach
  void close() {
    if (aws != null) {
      aws.close();
    }
  }

  private void deploy(OrganizationSetup organization) {
    Template template = organization.template();
    aws.runAs(management, "administrator");
    aws.deploy(template.stack(), template.body());
  }

  private EmulatedClients administrator() {
    return EmulatedClients.administrator(aws, commerce);
  }

  /** Returns the clients of a role that was never created, which may do everything. */
  private EmulatedClients role(String name) {
    return administrator().assuming("arn:aws:iam::" + commerce + ":role/" + name);
  }

  /** Returns the requests that change locations of Lake Formation, and the policy of Glue. */
  private Map<String, ThrowingCallable> changes(LakeFormationClient lake, GlueClient glue) {
    String location = "arn:aws:s3:::market-" + commerce + "/data";
    String role = "arn:aws:iam::" + commerce + ":role/locations";
    String policy =
        """
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
          "Principal": {"AWS": "arn:aws:iam::%2$s:root"}, "Action": "glue:GetTable",
          "Resource": "arn:aws:glue:%3$s:%1$s:catalog"}]}
        """
            .formatted(commerce, governance, aws.region());
    Map<String, ThrowingCallable> changes = new LinkedHashMap<>();
    changes.put(
        "lakeformation:RegisterResource",
        () -> lake.registerResource(to -> to.resourceArn(location).roleArn(role)));
    changes.put(
        "lakeformation:UpdateResource",
        () -> lake.updateResource(to -> to.resourceArn(location).roleArn(role)));
    changes.put(
        "lakeformation:DeregisterResource",
        () -> lake.deregisterResource(to -> to.resourceArn(location)));
    changes.put(
        "glue:PutResourcePolicy", () -> glue.putResourcePolicy(to -> to.policyInJson(policy)));
    changes.put("glue:DeleteResourcePolicy", () -> glue.deleteResourcePolicy(to -> {}));
    return changes;
  }

  private void requireDenied(EmulatedClients caller) {
    try (LakeFormationClient lake = caller.lakeFormation();
        GlueClient glue = caller.glue()) {
      changes(lake, glue)
          .forEach(
              (action, change) ->
                  assertThatThrownBy(change).as(action).hasMessageContainingAll(action, DENIED));
    }
  }

  private void requirePermitted(EmulatedClients caller) {
    try (LakeFormationClient lake = caller.lakeFormation();
        GlueClient glue = caller.glue()) {
      changes(lake, glue)
          .forEach(
              (action, change) -> assertThatCode(change).as(action).doesNotThrowAnyException());
    }
  }

  @Test
  void onlyTheMirrorAndNamedAdministratorsChangeLocations() {
    requireDenied(administrator());
    requireDenied(role("mesh-deployer"));
    requireDenied(role("platform-admin"));
    requirePermitted(role("mesh-mirror"));

    deploy(setup.administrators("arn:aws:iam::*:role/platform-*"));
    requireDenied(administrator());
    requirePermitted(role("platform-admin"));
  }

  @Test
  void noRoleLetsAnAccountLeave() {
    deploy(setup.administrators("arn:aws:iam::*:role/platform-*"));
    for (EmulatedClients caller :
        List.of(
            administrator(), role("mesh-deployer"), role("mesh-mirror"), role("platform-admin"))) {
      assertThatThrownBy(() -> caller.organizations("LeaveOrganization", "{}"))
          .hasMessageContainingAll("organizations:LeaveOrganization", DENIED);
    }
  }

  @Test
  void whatATemplateMisspellsIsRefused() {
    AwsEmulator own = AwsEmulator.start();
    own.runAs(management, "administrator");
    Template template =
        setup
            .identityCenter("arn:aws:sso:::instance/ssoins-1234567890abcdef")
            .readers("12345678-1234-1234-1234-123456789abc", commerce)
            .template();
    Map<String, String> misspelt =
        Map.of(
            "ParentId", "ParentID",
            "Content", "Contents",
            "TargetIds", "TargetIDs",
            "InlinePolicy", "InlinePolicies",
            "InstanceArn", "InstanceARN",
            "PrincipalId", "PrincipalID");
    misspelt.forEach(
        (property, wrong) -> {
          String body = template.body().replace('"' + property + '"', '"' + wrong + '"');

          assertThatThrownBy(() -> own.deploy(template.stack(), body))
              .as(wrong)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining(wrong);
        });
    assertThatThrownBy(own::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(misspelt.values().toArray(CharSequence[]::new));
  }
}
