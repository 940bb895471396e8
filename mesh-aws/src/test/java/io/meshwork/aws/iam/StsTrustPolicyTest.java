package io.meshwork.aws.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.Policies;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.services.sts.model.Tag;

/** Who may assume a role, as its trust policy and the caller's policies permit. */
class StsTrustPolicyTest {
  private static final String GOVERNANCE = "111111111111";
  private static final String COMMERCE = "222222222222";
  private static final String FINANCE = "333333333333";

  private static AwsEmulator aws;

  private final String suffix = "-" + UUID.randomUUID();
  private final String etl = "arn:aws:iam::" + COMMERCE + ":role/etl" + suffix;
  private final String writer = "arn:aws:iam::" + GOVERNANCE + ":role/writer" + suffix;

  @BeforeAll
  static void start() {
    aws = AwsEmulator.start();
  }

  @AfterAll
  static void close() {
    if (aws != null) {
      aws.close();
    }
  }

  @Test
  void aRoleIsAssumedByThePrincipalAndWithTheExternalIdThatItTrusts() {
    createEtl("sts:AssumeRole", writer);
    administrator(GOVERNANCE)
        .createRole("writer" + suffix, trust(etl, "mesh-1", "\"sts:AssumeRole\""));
    EmulatedClients caller = administrator(COMMERCE).assuming(etl);

    EmulatedClients session = caller.assuming(request(writer, "mesh-1"));

    try (StsClient sts = session.sts()) {
      assertThat(sts.getCallerIdentity().account()).isEqualTo(GOVERNANCE);
    }
    assertDenied(() -> caller.assuming(request(writer, "mesh-2")), "trust policy");
    assertDenied(() -> caller.assuming(writer), "trust policy");
    assertDenied(() -> administrator(FINANCE).assuming(request(writer, "mesh-1")), "trust policy");
  }

  @Test
  void aRoleOfAnotherAccountIsAssumedOnlyIfTheCallersPolicyAllowsIt() {
    createEtl("s3:GetObject", "*");
    administrator(GOVERNANCE)
        .createRole("writer" + suffix, trust(etl, "mesh-1", "\"sts:AssumeRole\""));
    EmulatedClients caller = administrator(COMMERCE).assuming(etl);

    assertDenied(() -> caller.assuming(request(writer, "mesh-1")), "identity-based policy");

    administrator(COMMERCE).putRolePolicy("etl" + suffix, Policies.allow("sts:AssumeRole", writer));
    assertThat(caller.assuming(request(writer, "mesh-1"))).isNotNull();
  }

  @Test
  void tagsOfASessionNeedPermissionInTheTrustPolicy() {
    createEtl("sts:*", "*");
    administrator(GOVERNANCE)
        .createRole("writer" + suffix, trust(etl, "mesh-1", "\"sts:AssumeRole\""));
    EmulatedClients caller = administrator(COMMERCE).assuming(etl);
    AssumeRoleRequest tagged =
        request(writer, "mesh-1").toBuilder()
            .tags(Tag.builder().key("mesh").value("mesh-1").build())
            .build();

    assertDenied(() -> caller.assuming(tagged), "sts:TagSession");

    administrator(GOVERNANCE)
        .iam(
            "UpdateAssumeRolePolicy",
            Map.of(
                "RoleName",
                "writer" + suffix,
                "PolicyDocument",
                trust(etl, "mesh-1", "[\"sts:AssumeRole\",\"sts:TagSession\"]")));
    assertThat(caller.assuming(tagged)).isNotNull();
  }

  @Test
  void aDeletedRoleCannotBeAssumed() {
    createEtl("sts:*", "*");
    administrator(COMMERCE)
        .iam("DeleteRolePolicy", Map.of("RoleName", "etl" + suffix, "PolicyName", "test"));
    administrator(COMMERCE).iam("DeleteRole", Map.of("RoleName", "etl" + suffix));

    assertDenied(() -> administrator(COMMERCE).assuming(etl), "does not exist");
  }

  @Test
  void aRoleWithAPathIsNamedWithItsPath() {
    administrator(COMMERCE)
        .iam(
            "CreateRole",
            Map.of(
                "RoleName",
                "etl" + suffix,
                "Path",
                "/jobs/",
                "AssumeRolePolicyDocument",
                Policies.trust(COMMERCE)));
    String withPath = "arn:aws:iam::" + COMMERCE + ":role/jobs/etl" + suffix;

    try (StsClient sts = administrator(COMMERCE).assuming(withPath).sts()) {
      assertThat(sts.getCallerIdentity().arn())
          .isEqualTo("arn:aws:sts::222222222222:assumed-role/etl" + suffix + "/test");
    }
    assertDenied(() -> administrator(COMMERCE).assuming(etl), "does not exist");
  }

  private void createEtl(String action, String resource) {
    administrator(COMMERCE).createRole("etl" + suffix, Policies.trust(COMMERCE));
    administrator(COMMERCE).putRolePolicy("etl" + suffix, Policies.allow(action, resource));
  }

  private static EmulatedClients administrator(String account) {
    return EmulatedClients.administrator(aws, account);
  }

  private static AssumeRoleRequest request(String role, String externalId) {
    return AssumeRoleRequest.builder()
        .roleArn(role)
        .roleSessionName("test")
        .externalId(externalId)
        .build();
  }

  private static String trust(String principal, String externalId, String actions) {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},\
    "Action":%s,"Condition":{"StringEquals":{"sts:ExternalId":"%s"}}}]}\
    """
        .formatted(principal, actions, externalId);
  }

  private static void assertDenied(ThrowingCallable call, String reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StsException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(403);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
            })
        .hasMessageContaining(reason);
  }
}
