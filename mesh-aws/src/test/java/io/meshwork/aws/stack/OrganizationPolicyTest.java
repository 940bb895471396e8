package io.meshwork.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.OrganizationSetup;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The service control policy of an organization binds the administrators of its members. */
class OrganizationPolicyTest {
  private static final String DENIED = "with an explicit deny in a service control policy";
  private static final String ADMINISTRATION = "arn:aws:iam::aws:policy/AdministratorAccess";
  private static final String MORE =
      """
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::raw"]}]}
      """;

  private static final String OWNER =
      "\"Principal\": {\"AWS\": [\"arn:aws:iam::111111111111:root\"]}, \"Action\"";

  /** Roles of the emulator have inline policies alone, without boundaries. */
  private static final Set<String> NOT_EMULATED =
      Set.of("iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary");

  private static final String TRUST =
      """
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"Service": ["glue.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}]}
      """;

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

  /** Returns a request for each other action that the policy denies. */
  private Map<String, ThrowingCallable> requests(
      EmulatedClients caller, LakeFormationClient lake, S3Client s3) {
    Map<String, ThrowingCallable> requests = new LinkedHashMap<>();
    requests.put(
        "lakeformation:PutDataLakeSettings",
        () -> lake.putDataLakeSettings(to -> to.dataLakeSettings(settings -> {})));
    requests.put(
        "organizations:LeaveOrganization", () -> caller.organizations("LeaveOrganization", "{}"));
    Map<String, Map<String, String>> ofRoles =
        Map.of(
            "CreateRole", Map.of("AssumeRolePolicyDocument", TRUST),
            "UpdateAssumeRolePolicy", Map.of("PolicyDocument", TRUST),
            "PutRolePolicy", Map.of("PolicyName", "more", "PolicyDocument", MORE),
            "DeleteRolePolicy", Map.of("PolicyName", "more"),
            "DetachRolePolicy", Map.of("PolicyArn", ADMINISTRATION),
            "DeleteRolePermissionsBoundary", Map.of(),
            "UpdateRole", Map.of("MaxSessionDuration", "7200"),
            "DeleteRole", Map.of());
    ofRoles.forEach(
        (action, parameters) -> {
          Map<String, String> all = new LinkedHashMap<>(parameters);
          all.put("RoleName", "mesh-probe");
          requests.put("iam:" + action, () -> caller.iam(action, all));
        });
    String bucket = "mesh-market-" + commerce;
    requests.put("s3:DeleteBucket", () -> s3.deleteBucket(to -> to.bucket(bucket + "-empty")));
    requests.put(
        "s3:PutBucketPolicy",
        () ->
            s3.putBucketPolicy(to -> to.bucket(bucket).policy(MORE.replace("\"Action\"", OWNER))));
    requests.put("s3:DeleteBucketPolicy", () -> s3.deleteBucketPolicy(to -> to.bucket(bucket)));
    requests.put(
        "s3:PutBucketVersioning",
        () ->
            s3.putBucketVersioning(
                to -> to.bucket(bucket).versioningConfiguration(v -> v.status("Suspended"))));
    requests.put(
        "s3:PutBucketPublicAccessBlock", () -> s3.deletePublicAccessBlock(to -> to.bucket(bucket)));
    requests.put(
        "s3:PutBucketOwnershipControls",
        () -> s3.deleteBucketOwnershipControls(to -> to.bucket(bucket)));
    requests.put(
        "s3:PutEncryptionConfiguration", () -> s3.deleteBucketEncryption(to -> to.bucket(bucket)));
    requests.put(
        "s3:PutLifecycleConfiguration", () -> s3.deleteBucketLifecycle(to -> to.bucket(bucket)));
    return requests;
  }

  /** Sends each request as a role; returns the actions that the policy denied. */
  private Set<String> denied(String role) {
    EmulatedClients caller = role(role);
    Set<String> denied = new TreeSet<>();
    try (LakeFormationClient lake = caller.lakeFormation();
        GlueClient glue = caller.glue();
        S3Client s3 = caller.s3()) {
      Map<String, ThrowingCallable> requests = requests(caller, lake, s3);
      requests.putAll(changes(lake, glue));
      requests.forEach(
          (action, request) -> {
            Throwable failure = catchThrowable(request);
            if (failure != null && String.valueOf(failure.getMessage()).contains(DENIED)) {
              assertThat(failure).as(action).hasMessageContaining(action);
              denied.add(action);
            }
          });
    }
    return denied;
  }

  /** An action that is added to the policy has to be sent here, too. */
  @Test
  void eachActionOfThePolicyIsDeniedExceptToTheRolesThatItsStatementNames() throws IOException {
    OrganizationSetup named = setup.administrators("arn:aws:iam::*:role/platform-*");
    deploy(named);
    try (S3Client s3 = administrator().s3()) {
      for (String bucket :
          List.of("mesh-market-" + commerce, "mesh-market-" + commerce + "-empty")) {
        s3.createBucket(
            create ->
                create
                    .bucket(bucket)
                    .createBucketConfiguration(place -> place.locationConstraint(aws.region())));
      }
    }
    JsonNode statements = new ObjectMapper().readTree(named.serviceControl()).path("Statement");
    for (String role : List.of("analyst", "mesh-mirror", "mesh-deployer", "platform-admin")) {
      Set<String> expected = new TreeSet<>();
      for (JsonNode statement : statements) {
        String exempt = statement.at("/Condition/ArnNotLike/aws:PrincipalArn").toString();
        if (!exempt.contains("role/" + role.replaceFirst("(?<=platform-).*", "*") + '"')) {
          statement.path("Action").forEach(action -> expected.add(action.asText()));
        }
      }
      expected.removeAll(NOT_EMULATED);
      assertThat(denied(role)).as(role).isEqualTo(expected);
    }
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
