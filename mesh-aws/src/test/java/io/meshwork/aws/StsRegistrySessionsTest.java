package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.RegistrySessions.RegistrySession;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/** With which role a principal uses a table in another account, by the answers of STS. */
class StsRegistrySessionsTest {
  private static final AwsConfig CONFIG =
      AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales");
  private static final Principal ETL = Principal.of("222222222222", "etl");
  private static final String OWN = "arn:aws:iam::333333333333:role/mesh-sales-222222222222-etl";
  private static final String READER = "arn:aws:iam::333333333333:role/mesh-sales-reader";

  private final StsSessions sts = new StsSessions();

  @Test
  void aPrincipalHasTheRegistryRoleWithItsAccountAndName() {
    RegistrySession session = new RegistrySessions(CONFIG, sts, ETL).assume("333333333333");

    assertThat(session.name()).contains("222222222222/etl", OWN);
    AssumeRoleRequest request = sts.requests.get(0);
    assertThat(request.roleArn()).isEqualTo(OWN);
    assertThat(request.externalId()).isEqualTo("mesh-sales");
    assertThat(request.roleSessionName()).isEqualTo("mesh-etl");
    assertThat(request.tags().toString()).contains("mesh", "sales");
    assertThat(sts.requests).hasSize(1);
    session.close();
  }

  @Test
  void theConfiguredExternalIdIsSent() {
    new RegistrySessions(CONFIG.externalId("contract-7"), sts, ETL).assume("333333333333").close();

    assertThat(sts.requests.get(0).externalId()).isEqualTo("contract-7");
  }

  @Test
  void aLongNameEndsWithAHashAndStaysUnique() {
    String longRole = "AWSReservedSSO_CommerceProducers_0a1b2c3d4e5f";
    String name = RegistryRoles.nameFor("sales", Principal.of("222222222222", longRole));

    assertThat(name)
        .hasSize(64)
        .startsWith("mesh-sales-222222222222-AWSReservedSSO_")
        .isEqualTo(RegistryRoles.nameFor("sales", Principal.of("222222222222", longRole)))
        .isNotEqualTo(RegistryRoles.nameFor("sales", Principal.of("222222222222", longRole + "0")));
    assertThat(RegistryRoles.nameFor("sales", Principal.of("222222222222", "r".repeat(40))))
        .isEqualTo("mesh-sales-222222222222-" + "r".repeat(40));
  }

  @Test
  void aPrincipalWithoutARoleIsAReader() {
    sts.denied.add(OWN);

    RegistrySession session = new RegistrySessions(CONFIG, sts, ETL).assume("333333333333");

    assertThat(session.name()).contains("222222222222/etl", READER);
    assertThat(sts.requests).extracting(AssumeRoleRequest::roleArn).containsExactly(OWN, READER);
    session.close();
  }

  @Test
  void aReaderGetsItsRoleOnceStsGivesIt() {
    sts.denied.add(OWN);
    RegistrySession session = new RegistrySessions(CONFIG, sts, ETL).assume("333333333333");
    assertThat(session.name()).contains(READER, OWN, "AccessDenied");
    assertThat(session.fix().orElseThrow()).contains(OWN, "222222222222/etl", "'mesh-sales'");
    assertThat(session.assumesDeniedRole()).isFalse();
    String reader = session.resolveCredentials().accessKeyId();

    sts.denied.clear();

    assertThat(session.assumesDeniedRole()).isTrue();
    assertThat(session.resolveCredentials().accessKeyId()).isNotEqualTo(reader);
    assertThat(session.name()).contains(OWN).doesNotContain(READER);
    assertThat(session.fix()).isEmpty();
    session.close();
  }

  @Test
  void aPrincipalThatMayNotReadLearnsWhichRoleToCreate() {
    sts.denied.addAll(List.of(OWN, READER));

    assertThatThrownBy(() -> new RegistrySessions(CONFIG, sts, ETL).assume("333333333333"))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING);
              assertThat(e.retryable()).isFalse();
            })
        .hasMessageContainingAll(
            "222222222222/etl", "sts:AssumeRole", OWN, READER, "'mesh-sales'", "AccessDenied")
        .hasMessageContainingAll("AwsPolicies prints")
        .hasMessageNotContaining("text of AWS");
  }

  @Test
  void whoIsDeniedInTheAccountOfTheMeshChecksThisAccountFirst() {
    RegistrySessions sessions = new RegistrySessions(CONFIG, sts, ETL);
    for (String account : List.of("111111111111", "333333333333")) {
      sts.denied.add(OWN.replace("333333333333", account));
      sts.denied.add(READER.replace("333333333333", account));
    }

    assertThatThrownBy(() -> sessions.assume("111111111111"))
        .isInstanceOfSatisfying(
            BackendException.class,
            e ->
                assertThat(e.fix())
                    .startsWith(
                        "If 111111111111 is not the account of the mesh, correct mesh(account,"
                            + " name)."));
    assertThatThrownBy(() -> sessions.assume("333333333333"))
        .as("the account of a catalog")
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.fix()).startsWith("Create the first role"));
  }

  @Test
  void aFailureOfStsDoesNotMakeAWriterAReader() {
    sts.failing = true;

    assertThatThrownBy(() -> new RegistrySessions(CONFIG, sts, ETL).assume("333333333333"))
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isTrue());
    assertThat(sts.requests).extracting(AssumeRoleRequest::roleArn).containsOnly(OWN);
  }

  @Test
  void credentialsAreRenewedWhenTheyAreAboutToExpire() {
    sts.lifetime = Duration.ofMinutes(2);
    RegistrySession session = new RegistrySessions(CONFIG, sts, ETL).assume("333333333333");

    assertThat(session.resolveCredentials().accessKeyId()).isEqualTo("ASIA2");
    sts.lifetime = Duration.ofHours(1);
    assertThat(session.resolveCredentials().accessKeyId()).isEqualTo("ASIA3");
    assertThat(session.resolveCredentials().accessKeyId()).isEqualTo("ASIA3");
    assertThat(sts.requests).hasSize(3);
    session.close();
  }

  /** Sessions for all roles but the denied ones; their lifetimes begin now. */
  private static final class StsSessions implements StsClient {
    final List<AssumeRoleRequest> requests = new ArrayList<>();
    final Set<String> denied = new HashSet<>();
    Duration lifetime = Duration.ofHours(1);
    boolean failing;

    @Override
    public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
      requests.add(request);
      if (failing) {
        throw failure(503, "ServiceUnavailable");
      }
      if (denied.contains(request.roleArn())) {
        throw failure(403, "AccessDenied");
      }
      return AssumeRoleResponse.builder()
          .credentials(
              session ->
                  session
                      .accessKeyId("ASIA" + requests.size())
                      .secretAccessKey("secret")
                      .sessionToken("token")
                      .expiration(Instant.now().plus(lifetime)))
          .assumedRoleUser(user -> user.arn(request.roleArn()).assumedRoleId("AROA:1"))
          .build();
    }

    private static RuntimeException failure(int status, String code) {
      return StsException.builder()
          .statusCode(status)
          .awsErrorDetails(
              AwsErrorDetails.builder().errorCode(code).errorMessage("text of AWS").build())
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
