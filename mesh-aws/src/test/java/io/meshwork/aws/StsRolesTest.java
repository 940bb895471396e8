package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/** Who a process is by the answers of STS, and which roles it assumes. */
class StsRolesTest {
  private static final AwsConfig CONFIG =
      AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales");
  private static final Principal ETL = Principal.of("111111111111", "etl");

  private final StsAnswers sts = new StsAnswers();

  @Test
  void aRoleIsThePrincipalOfItsAccountAndNameWithoutItsSession() {
    sts.arn = "arn:aws:sts::222222222222:assumed-role/AWSReservedSSO_Analyst_0a1b/ann@example.org";

    assertThat(new StsRoles(CONFIG, sts).self())
        .isEqualTo(Principal.of("222222222222", "AWSReservedSSO_Analyst_0a1b"));
  }

  @ParameterizedTest
  @CsvSource({
    "arn:aws:iam::111111111111:root, the root user",
    "arn:aws:iam::111111111111:user/teams/ann, the IAM user 'ann'",
    "arn:aws:sts::111111111111:federated-user/bob, the federated user 'bob'"
  })
  void credentialsOfNoRoleAreRejectedByName(String arn, String name) {
    sts.arn = arn;

    assertThatThrownBy(() -> new StsRoles(CONFIG, sts).self())
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_THIS_PRINCIPAL))
        .hasMessageContaining(name);
  }

  @Test
  void aRoleIsAssumedWithExternalIdTagsAndASessionName() {
    StsRoles roles = new StsRoles(CONFIG.externalId("contract-7"), sts);

    try (StsAssumeRoleCredentialsProvider credentials = roles.assume(ETL)) {
      assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("ASIA1");
    }

    AssumeRoleRequest request = sts.requests.get(0);
    assertThat(request.roleArn()).isEqualTo("arn:aws:iam::111111111111:role/etl");
    assertThat(request.externalId()).isEqualTo("contract-7");
    assertThat(request.roleSessionName()).isEqualTo("mesh-etl");
    assertThat(request.tags().toString()).contains("mesh", "sales");
  }

  @Test
  void theRoleOfAPrincipalMayHaveAPath() {
    String arn = "arn:aws:iam::111111111111:role/jobs/etl";

    new StsRoles(CONFIG.role(ETL, arn), sts).assume(ETL).close();

    assertThat(sts.requests.get(0).roleArn()).isEqualTo(arn);
  }

  @Test
  void aDenialNamesRolePermissionAndPrincipal() {
    sts.failure = failure(403, "AccessDenied");

    assertThatThrownBy(() -> new StsRoles(CONFIG, sts).assume(ETL))
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_THIS_PRINCIPAL))
        .hasMessageContainingAll(
            "111111111111/etl",
            "sts:AssumeRole",
            "arn:aws:iam::111111111111:role/etl",
            "AccessDenied")
        .hasMessageNotContaining("text of AWS");
  }

  @Test
  void aFailureOfStsPasses() {
    sts.failure = failure(503, "ServiceUnavailable");

    assertThatThrownBy(() -> new StsRoles(CONFIG, sts).assume(ETL))
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isTrue());
  }

  private static RuntimeException failure(int status, String code) {
    return StsException.builder()
        .statusCode(status)
        .awsErrorDetails(
            AwsErrorDetails.builder().errorCode(code).errorMessage("text of AWS").build())
        .build();
  }

  /** StsAnswers as instructed. */
  private static final class StsAnswers implements StsClient {
    final List<AssumeRoleRequest> requests = new ArrayList<>();
    String arn = "";
    RuntimeException failure;

    @Override
    public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
      return GetCallerIdentityResponse.builder().arn(arn).build();
    }

    @Override
    public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
      if (failure != null) {
        throw failure;
      }
      requests.add(request);
      return AssumeRoleResponse.builder()
          .credentials(
              session ->
                  session
                      .accessKeyId("ASIA1")
                      .secretAccessKey("secret")
                      .sessionToken("token")
                      .expiration(Instant.parse("2099-01-01T00:00:00Z")))
          .assumedRoleUser(user -> user.arn(request.roleArn()).assumedRoleId("AROA:1"))
          .build();
    }

    @Override
    public String serviceName() {
      return "sts";
    }

    @Override
    public void close() {}
  }
}
