package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.client.Answers;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.dynamo.DynamoFailure;
import io.meshwork.aws.internal.mirror.glue.GlueFailureFix;
import io.meshwork.aws.internal.mirror.glue.SessionClients;
import io.meshwork.aws.internal.s3.S3Failure;
import io.meshwork.aws.internal.s3.S3Location;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.services.lakeformation.model.ConcurrentModificationException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a message names after a denial, in the texts that AWS documents. */
class AwsFailureTest {
  private static final String USER = "User: arn:aws:sts::222222222222:assumed-role/etl/job ";
  private static final String KEY = "arn:aws:kms:eu-central-1:222222222222:key/1234abcd-12ab";
  private static final S3Location FILE = new S3Location("sales", "data/country=Wakanda/1.parquet");

  @Test
  void theKeyOfABucketIsNamedWithTheActionThatItsPolicyLacks() {
    BackendException missing =
        ofS3(
            USER
                + "is not authorized to perform: kms:GenerateDataKey on resource: "
                + KEY
                + " because no identity-based policy allows the kms:GenerateDataKey action");

    assertThat(missing.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING);
    assertThat(missing.reason())
        .isEqualTo(
            "222222222222/etl lacks the permission kms:GenerateDataKey on "
                + KEY
                + ", because no identity-based policy allows it: AccessDenied (status 403, request"
                + " R1)");
    assertThat(missing.fix()).contains("policies of the key and the role", "AwsPolicies prints");
  }

  @Test
  void aKeyOfAnotherAccountIsNamedByItsBucket() {
    BackendException missing =
        ofS3(
            USER
                + "is not authorized to perform: kms:Decrypt on this resource because the resource"
                + " does not exist in this Region, no resource-based policies allow access, or a"
                + " resource-based policy explicitly denies access");

    assertThat(missing.reason())
        .contains("kms:Decrypt on the KMS key that encrypts arn:aws:s3:::sales/data/*");
  }

  @Test
  void theKeyOfATableIsNamedByItsTable() {
    BackendException missing =
        (BackendException)
            new DynamoFailure("mesh-sales", "222222222222/etl")
                .of(
                    MeshAction.of(Verb.COMMIT),
                    denial(
                        400,
                        "AccessDeniedException",
                        "KMS key access denied error: com.amazonaws.services.kms.model"
                            + ".AWSKMSException: The ciphertext refers to a customer master key"
                            + " that does not exist"));

    assertThat(missing.reason())
        .contains(
            "222222222222/etl",
            "kms:Decrypt on the KMS key that encrypts the table 'mesh-sales'",
            "AccessDeniedException");
    assertThat(missing.getMessage()).doesNotContain("ciphertext");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "because no identity-based policy allows the x action"
            + " | because no identity-based policy allows it",
        "because no resource-based policy allows the x action"
            + " | because no resource-based policy allows it",
        "because no permissions boundary allows the x action"
            + " | because no permissions boundary allows it",
        "with an explicit deny in a service control policy"
            + " | because the service control policy denies it",
        "with an explicit deny in an identity-based policy"
            + " | because the identity-based policy denies it"
      })
  void thePolicyThatDecidedIsNamed(String text, String named) {
    assertThat(
            ofS3(USER
                    + "is not authorized to perform: s3:GetObject on resource: "
                    + "\"arn:aws:s3:::sales/data/country=Wakanda/1.parquet\" "
                    + text)
                .getMessage())
        .contains(named, "s3:GetObject on arn:aws:s3:::sales/data/*")
        .doesNotContain("Wakanda");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3:PutObject", "kms:GenerateDataKey"})
  void anExplicitDenyIsNotFixedByAnAllow(String permission) {
    BackendException denied =
        ofS3(
            USER
                + "is not authorized to perform: "
                + permission
                + " on resource: \"arn:aws:s3:::sales/data/1.parquet\" with an explicit deny in a"
                + " resource-based policy");

    assertThat(denied.reason()).contains("because the resource-based policy denies it");
    assertThat(denied.fix())
        .contains("the statement with the effect Deny in that policy")
        .doesNotContain("Allow it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Access Denied", "", "not authorized to perform: Wakanda"})
  void aTextWithoutPermissionIsNotRepeated(String text) {
    assertThat(ofS3(text).getMessage())
        .contains("222222222222/etl lacks the permission s3:GetObject on arn:aws:s3:::sales/data/*")
        .doesNotContain("Wakanda", "Access Denied");
  }

  @Test
  void aMissingFileThatMayNotBeListedNamesTheBucket() {
    assertThat(
            ofS3(USER
                    + "is not authorized to perform: s3:ListBucket on resource: "
                    + "\"arn:aws:s3:::sales\" because no identity-based policy allows the"
                    + " s3:ListBucket action")
                .getMessage())
        .contains("s3:ListBucket on arn:aws:s3:::sales, because");
  }

  @ParameterizedTest
  @CsvSource({"400, ExpiredToken", "403, ExpiredToken", "400, ExpiredTokenException"})
  void anExpiredTokenPassesButIsNoFailureOfTheService(int status, String code) {
    AwsServiceException expired = Answers.rejected(status, code);

    assertThat(AwsFailure.isPassing(expired)).isTrue();
    assertThat(AwsFailure.isUnavailable(expired)).isFalse();
    assertThat(AwsFailure.isDenied(expired)).isFalse();
    assertThat(new DynamoFailure("mesh-sales").of(MeshAction.of(Verb.COMMIT), expired))
        .isInstanceOfSatisfying(
            BackendException.class, failure -> assertThat(failure.retryable()).isTrue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ExpiredToken | The provided token has expired. | aws sso login",
        "ExpiredTokenException | The security token is expired | aws sso login",
        "RequestTimeTooSkewed | The difference is too large. | Correct the clock of this host.",
        "RequestExpired | Request has expired. | Correct the clock of this host.",
        "SignatureDoesNotMatch | Signature expired: 2026 | Correct the clock of this host.",
        "InvalidSignatureException | Signature expired: 2026 | Correct the clock of this host.",
        "SignatureDoesNotMatch | The signature does not match. | aws sts get-caller-identity",
        "InvalidClientTokenId | The token is invalid. | aws sts get-caller-identity",
        "UnrecognizedClientException | The token is invalid. | aws sts get-caller-identity",
        "InvalidAccessKeyId | The key does not exist. | aws sts get-caller-identity",
        "KMS.NotFoundException | Key 'KEY' does not exist | encryptionKey(..)",
        "KMS.DisabledException | KEY is disabled. | encryptionKey(..)",
        "ValidationException | KMS validation error: Key 'KEY' does not exist | encryptionKey(..)"
      })
  void whatToDoIsTheSameForAllServices(String code, String text, String fix) {
    AwsServiceException failure = denial(400, code, text.replace("KEY", KEY));
    MeshAction action = MeshAction.of(Verb.CREATE, "x");

    assertThat(
            List.of(
                ((BackendException) failure().of(Verb.WRITE, FILE, "s3:PutObject", failure)).fix(),
                ((BackendException) new DynamoFailure("mesh-sales").of(action, failure)).fix(),
                ((BackendException) StsRoles.failed(Failure.of(action), failure)).fix(),
                GlueFailureFix.of(action, failure)))
        .allSatisfy(step -> assertThat(step).contains(fix))
        .allSatisfy(
            step -> {
              if (text.contains("KEY")) {
                assertThat(step).contains(KEY);
              }
            });
  }

  @Test
  void aRegionThatDoesNotExistIsCheckedFirst() {
    SdkClientException failure =
        SdkClientException.create("x", new UnknownHostException("s3.eu-centrel-1.amazonaws.com"));
    MeshAction action = MeshAction.of(Verb.READ, "x");

    assertThat(
            List.of(
                ((BackendException) failure().of(Verb.WRITE, FILE, "s3:PutObject", failure)).fix(),
                ((BackendException) new DynamoFailure("mesh-sales").of(action, failure)).fix(),
                ((BackendException) StsRoles.failed(Failure.of(action), failure)).fix(),
                GlueFailureFix.of(action, failure)))
        .allSatisfy(step -> assertThat(step).startsWith("Check the region."));
  }

  @Test
  void aBucketOfAnotherAccountNeedsAnotherName() {
    assertThat(
            failure()
                .ofBucket(
                    Verb.CREATE, FILE, "s3:CreateBucket", denial(409, "BucketAlreadyExists", "")))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.fix()).contains("Choose another name for the mesh");
              assertThat(e.retryable()).isFalse();
            });
  }

  @Test
  void aFailureThatIsNamedAlreadyIsKept() {
    BackendException named =
        Failure.of(MeshAction.of(Verb.USE, "the service 'sts'"))
            .because("2 calls are running")
            .passing(ErrorCode.BACKEND_FAILED);

    assertThat(failure().of(Verb.READ, FILE, "s3:GetObject", named)).isSameAs(named);
    assertThat(new DynamoFailure("mesh-sales").of(MeshAction.of(Verb.READ, "x"), named))
        .isSameAs(named);
  }

  private static BackendException ofS3(String text) {
    return (BackendException)
        failure().of(Verb.READ, FILE, "s3:GetObject", denial(403, "AccessDenied", text));
  }

  private static S3Failure failure() {
    return new S3Failure("222222222222/etl", Region.EU_CENTRAL_1);
  }

  private static AwsServiceException denial(int status, String code, String text) {
    return S3Exception.builder()
        .statusCode(status)
        .requestId("R1")
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(text).build())
        .build();
  }

  @Test
  void allClientsPauseAsTheMeshSays() {
    List<AwsClientBuilder<?, ?>> builders =
        List.of(
            AwsClients.s3Builder("eu-central-1", null, AwsLocal.QUICK),
            AwsClients.builder(SessionClients.GLUE, "eu-central-1", null, AwsLocal.QUICK),
            AwsClients.builder(SessionClients.RAM, "eu-central-1", null, AwsLocal.QUICK),
            AwsClients.stsBuilder("eu-central-1", null, AwsLocal.QUICK),
            AwsClients.lakeFormationBuilder("eu-central-1", null, AwsLocal.QUICK));
    for (AwsClientBuilder<?, ?> builder : builders) {
      RetryStrategy retries = builder.overrideConfiguration().retryStrategy().orElseThrow();
      for (int i = 0; i < 20; i++) {
        RetryToken token =
            retries.acquireInitialToken(AcquireInitialTokenRequest.create("test")).token();
        assertThat(
                retries
                    .refreshRetryToken(
                        RefreshRetryTokenRequest.builder()
                            .token(token)
                            .failure(
                                ConcurrentModificationException.builder().statusCode(500).build())
                            .build())
                    .delay())
            .as(builder.getClass().getSimpleName())
            .isLessThanOrEqualTo(AwsLocal.QUICK.pause());
      }
    }
  }
}
