package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.AwsOperations.OnboardAccount;
import io.meshwork.aws.AwsOperations.Verification;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever request of a verification fails, it says which role could not be proven, and why. */
class VerificationFaultsTest {
  private static final String ORGANIZATION =
      "arn:aws:organizations::111111111111:organization/o-abcdefghij";

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();
  private OnboardedAccounts accounts;

  /** What a verification asks of services, with the role for which it does. */
  enum Request {
    ROLE("sts", "AssumeRole", "etl", UnaryOperator.identity()),
    STACK("cloudformation", "DescribeStacks", "mesh-deployer", UnaryOperator.identity()),
    SETTINGS("lakeformation", "GetDataLakeSettings", "mesh-mirror", AwsConfig::lakeFormation),
    POLICY(
        "s3",
        "GetBucketPolicy",
        "mesh-mirror",
        config -> config.openData(ORGANIZATION, "commerce")),
    DOCUMENT("dynamodb", "GetItem", "etl", UnaryOperator.identity()),
    TRANSACTION("dynamodb", "TransactWriteItems", "etl", UnaryOperator.identity()),
    UPLOAD("s3", "CreateMultipartUpload", "etl", UnaryOperator.identity()),
    FILES("s3", "ListObjectsV2", "etl", UnaryOperator.identity()),
    MARKER("s3", "GetObject", "etl", UnaryOperator.identity()),
    PARTITIONS("dynamodb", "Scan", "copier", UnaryOperator.identity()),
    PRODUCTS("dynamodb", "Query", "analyst", UnaryOperator.identity()),
    CREDENTIALS(
        "lakeformation", "GetTemporaryGlueTableCredentials", "dashboard", AwsConfig::lakeFormation);

    private final String service;
    private final String operation;
    private final String role;
    private final UnaryOperator<AwsConfig> setting;

    Request(String service, String operation, String role, UnaryOperator<AwsConfig> setting) {
      this.service = service;
      this.operation = operation;
      this.role = role;
      this.setting = setting;
    }
  }

  private AccountSetup onboarded(UnaryOperator<AwsConfig> setting) {
    accounts = OnboardedAccounts.on(aws).with(setting);
    AccountSetup setup = ofCommerce();
    accounts.run(ofMesh());
    accounts.deployByHand(setup);
    assertThat(accounts.run(setup).byHand()).isEmpty();
    aws.reset();
    return setup;
  }

  /** A dashboard needs Lake Formation. */
  private AccountSetup ofCommerce() {
    return accounts.config().usesLakeFormation()
        ? accounts.ofCommerce().role("dashboard", AwsRoleKind.engineReader())
        : accounts.ofCommerce().role("analyst", AwsRoleKind.consumer("commerce"));
  }

  private AccountSetup ofMesh() {
    return accounts.ofGovernance().role("copier", AwsRoleKind.backup());
  }

  /** Returns an account on which this process verifies the role of the request. */
  private AccountSetup onboarded(Request request) {
    AccountSetup setup = onboarded(request.setting);
    switch (request.role) {
      case "mesh-mirror" -> aws.runAs(accounts.governance(), AccountRoles.OPERATOR);
      case "mesh-deployer", "copier" ->
          aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);
      default -> aws.runAs(accounts.commerce(), OnboardedAccounts.ADMINISTRATOR);
    }
    aws.reset();
    return request == Request.PARTITIONS ? ofMesh() : setup;
  }

  private Verification verify(AccountSetup setup) {
    return accounts.with(setup, OnboardAccount::verify);
  }

  @ParameterizedTest
  @EnumSource
  void aRequestIsSentAgainAndIfItKeepsFailingItIsNamedWithItsRole(Request request) {
    AccountSetup setup = onboarded(request);
    Verification before = verify(setup);
    long without = sent(request);
    aws.reset();
    aws.on(request.service, request.operation).nth(1).throttle();
    aws.on(request.service, request.operation).nth(2).loseReply();

    Verification verification = verify(setup);

    assertThat(verification.proven())
        .as(verification.toString())
        .contains(Principal.of(setup.account(), request.role));
    assertThat(Finding.errors(verification.findings())).isEmpty();
    assertThat(sent(request)).as("each of the two is sent once more").isEqualTo(without + 2);

    List<String> stored = accounts.stored();
    aws.reset();
    aws.on(request.service, request.operation).fail500();
    requireFailure(request, setup);
    aws.reset();
    assertThat(accounts.stored()).isEqualTo(stored);
    assertThat(verify(setup)).isEqualTo(before);
  }

  private long sent(Request request) {
    return aws.calls().stream().filter((request.service + ":" + request.operation)::equals).count();
  }

  /** The registry does not pass on why it does not know how a transaction ended. */
  private void requireFailure(Request request, AccountSetup setup) {
    assertThatThrownBy(() -> verify(setup))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.BACKEND_FAILED);
              assertThat(e.retryable()).isTrue();
              assertThat(e.getMessage())
                  .containsPattern("/mesh-deployer|/" + request.role + "|table 'mesh-")
                  .contains(
                      request == Request.TRANSACTION
                          ? "the registry did not answer"
                          : "status 500");
              assertThat(e.fix()).isNotEmpty();
            });
  }

  /** The note names the role, and what to do. */
  @Test
  void aRoleThatThisProcessMayNotAssumeIsANoteAndTheOthersAreProven() {
    AccountSetup setup = onboarded(UnaryOperator.identity());
    aws.withoutRole(accounts.commerce(), OnboardedAccounts.DEPLOYER);
    aws.runAs(accounts.other(), "pipeline");

    Verification verification = verify(setup);

    assertThat(verification.findings())
        .filteredOn(finding -> finding.where().endsWith("/mesh-deployer"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.ROLE_NOT_PROVEN);
              assertThat(finding.severity()).isEqualTo(Finding.Severity.NOTE);
              assertThat(finding.what()).contains("STS does not let", "AccessDenied");
              assertThat(finding.fix()).isNotEmpty();
            });
  }

  @Test
  void aRoleThatLacksItsPermissionIsAnErrorWithTheTemplatesToDeploy() {
    AccountSetup setup = onboarded(UnaryOperator.identity());
    EmulatedClients.administrator(aws, accounts.commerce())
        .iam(
            "DeleteRolePolicy",
            Map.of("RoleName", OnboardedAccounts.DEPLOYER, "PolicyName", "deploy"));

    assertThat(Finding.errors(verify(setup).findings()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.where()).endsWith("/mesh-deployer");
              assertThat(finding.what()).contains("cloudformation:DescribeStacks");
              assertThat(finding.fix()).contains("Deploy the templates");
            });
  }
}
