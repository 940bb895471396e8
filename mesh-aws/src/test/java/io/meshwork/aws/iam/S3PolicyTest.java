package io.meshwork.aws.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.Policies;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the policies of roles and buckets permit on S3, and which checksums it accepts. */
class S3PolicyTest {
  private static final String COMMERCE = "222222222222";
  private static final String FINANCE = "333333333333";

  private static AwsEmulator aws;

  private final String suffix = "-" + UUID.randomUUID();
  private final String bucket = "b" + suffix;
  private final String objects = "arn:aws:s3:::" + bucket + "/";

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

  @BeforeEach
  void createBucket() {
    try (S3Client s3 = administrator(COMMERCE).s3()) {
      s3.createBucket(r -> r.bucket(bucket));
      s3.putObject(r -> r.bucket(bucket).key("data/1"), RequestBody.fromString("1"));
    }
  }

  @Test
  void aRoleHasTheActionsOnTheKeysThatItsPolicyAllows() {
    try (S3Client s3 = role(COMMERCE, Policies.allow("s3:*Object", objects + "data/*")).s3()) {
      s3.putObject(r -> r.bucket(bucket).key("data/2"), RequestBody.fromString("2"));
      assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key("data/1")).asUtf8String())
          .isEqualTo("1");

      assertDenied(
          () -> s3.putObject(r -> r.bucket(bucket).key("other/2"), RequestBody.fromString("2")),
          "s3:PutObject on resource: " + objects + "other/2");
      assertDenied(() -> s3.listObjectsV2(r -> r.bucket(bucket)), "s3:ListBucket");
      assertDenied(() -> s3.deleteBucket(r -> r.bucket(bucket)), "s3:DeleteBucket");
    }
  }

  @Test
  void aMissingKeyIsForbiddenToThoseWhoMayNotListTheBucket() {
    String read = Policies.allow("s3:GetObject", objects + "*");
    try (S3Client s3 = role(COMMERCE, read).s3()) {
      assertDenied(() -> s3.getObjectAsBytes(r -> r.bucket(bucket).key("x")), "s3:ListBucket");
      assertThatThrownBy(() -> s3.headObject(r -> r.bucket(bucket).key("x")))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
    }
    String readAndList =
        Policies.policy(
            """
            {"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"}\
            """);
    try (S3Client s3 = role(COMMERCE, readAndList).s3()) {
      assertThatThrownBy(() -> s3.getObjectAsBytes(r -> r.bucket(bucket).key("x")))
          .isInstanceOf(NoSuchKeyException.class);
    }
  }

  @Test
  void anotherAccountReadsOnlyIfBothPoliciesAllowIt() {
    String readAll = Policies.allow("s3:GetObject", "*");
    EmulatedClients analyst = role(FINANCE, readAll);
    EmulatedClients other = role(FINANCE, Policies.allow("s3:ListBucket", "*"));
    assertDenied(() -> read(analyst), "resource-based policy");
    assertDenied(() -> read(administrator(FINANCE)), "resource-based policy");

    putPolicy(
        """
        {"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"s3:GetObject","Resource":"%sdata/*"}\
        """
            .formatted(FINANCE, objects));

    assertThat(read(analyst)).isEqualTo("1");
    assertThat(read(administrator(FINANCE))).isEqualTo("1");
    assertDenied(() -> read(other), "identity-based policy");
  }

  @Test
  void aRequestThatExpectsAnotherOwnerIsDenied() {
    try (S3Client s3 = administrator(COMMERCE).s3()) {
      s3.listObjectsV2(r -> r.bucket(bucket).expectedBucketOwner(COMMERCE));
      assertDenied(
          () -> s3.listObjectsV2(r -> r.bucket(bucket).expectedBucketOwner(FINANCE)),
          "owns the bucket");
    }
  }

  @Test
  void aDenialInTheBucketPolicyWins() {
    putPolicy(
        """
        {"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"%sdata/*",\
        "Condition":{"Null":{"s3:if-none-match":"true"},\
        "Bool":{"s3:ObjectCreationOperation":"true"}}}\
        """
            .formatted(objects));
    EmulatedClients writer = role(COMMERCE, Policies.allow("s3:*", "*"));

    try (S3Client s3 = writer.s3()) {
      assertDenied(
          () -> s3.putObject(r -> r.bucket(bucket).key("data/2"), RequestBody.fromString("2")),
          "explicit deny");
      s3.putObject(
          r -> r.bucket(bucket).key("data/2").ifNoneMatch("*"), RequestBody.fromString("2"));
      s3.putObject(r -> r.bucket(bucket).key("other"), RequestBody.fromString("2"));
      String upload = s3.createMultipartUpload(r -> r.bucket(bucket).key("data/3")).uploadId();
      s3.abortMultipartUpload(r -> r.bucket(bucket).key("data/3").uploadId(upload));
    }
  }

  @Test
  void aBucketPolicyIsReadAndDeleted() {
    String statement =
        """
        {"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"%s*"}\
        """
            .formatted(objects);
    putPolicy(statement);
    assertDenied(() -> read(administrator(COMMERCE)), "explicit deny");

    try (S3Client s3 = administrator(COMMERCE).s3()) {
      assertThat(s3.getBucketPolicy(r -> r.bucket(bucket)).policy())
          .isEqualTo(Policies.policy(statement));
      s3.deleteBucketPolicy(r -> r.bucket(bucket));

      assertThat(read(administrator(COMMERCE))).isEqualTo("1");
      assertThatThrownBy(() -> s3.getBucketPolicy(r -> r.bucket(bucket)))
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NoSuchBucketPolicy"));
    }
  }

  @Test
  void deletionsOfSeveralObjectsAreDeniedForEachKey() {
    try (S3Client s3 = role(COMMERCE, Policies.allow("s3:GetObject", "*")).s3()) {
      DeleteObjectsResponse response =
          s3.deleteObjects(
              r ->
                  r.bucket(bucket)
                      .delete(d -> d.objects(ObjectIdentifier.builder().key("data/1").build())));

      assertThat(response.errors())
          .singleElement()
          .satisfies(
              error -> {
                assertThat(error.key()).isEqualTo("data/1");
                assertThat(error.code()).isEqualTo("AccessDenied");
              });
    }
    assertThat(read(administrator(COMMERCE))).isEqualTo("1");
  }

  @Test
  void contentThatDiffersFromItsChecksumIsRejected() {
    String wrong = Base64.getEncoder().encodeToString(new byte[32]);
    try (S3Client s3 = administrator(COMMERCE).s3()) {
      assertThatThrownBy(
              () ->
                  s3.putObject(
                      r -> r.bucket(bucket).key("2").checksumSHA256(wrong),
                      RequestBody.fromString("2")))
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BadDigest"));

      assertThatThrownBy(() -> s3.headObject(r -> r.bucket(bucket).key("2")))
          .isInstanceOf(NoSuchKeyException.class);
    }
  }

  @Test
  void aPolicyThatTheEmulatorDoesNotKnowFailsTheTest() {
    AwsEmulator other = AwsEmulator.start();
    EmulatedClients clients = EmulatedClients.administrator(other, COMMERCE);
    clients.createRole("etl" + suffix, Policies.trust(COMMERCE));

    assertThatThrownBy(
            () ->
                clients.putRolePolicy(
                    "etl" + suffix,
                    Policies.policy(
                        """
                        {"Effect":"Allow","NotAction":"s3:*","Resource":"*"}\
                        """)))
        .hasMessageContainingAll("NotEmulated", "NotAction");
    assertThatThrownBy(
            () ->
                clients.iam(
                    "AttachRolePolicy", Map.of("RoleName", "etl" + suffix, "PolicyArn", "arn")))
        .hasMessageContaining("NotEmulated");

    assertThatThrownBy(other::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("iam:PutRolePolicy", "NotAction", "iam:AttachRolePolicy");
  }

  private static String read(EmulatedClients clients, String bucket) {
    try (S3Client s3 = clients.s3()) {
      return s3.getObjectAsBytes(r -> r.bucket(bucket).key("data/1")).asUtf8String();
    }
  }

  private String read(EmulatedClients clients) {
    return read(clients, bucket);
  }

  private void putPolicy(String statement) {
    try (S3Client s3 = administrator(COMMERCE).s3()) {
      s3.putBucketPolicy(r -> r.bucket(bucket).policy(Policies.policy(statement)));
    }
  }

  /** Returns the clients of a new role with this policy. */
  private static EmulatedClients role(String account, String policy) {
    String name = "role-" + UUID.randomUUID();
    EmulatedClients administrator = administrator(account);
    administrator.createRole(name, Policies.trust(account));
    administrator.putRolePolicy(name, policy);
    return administrator.assuming("arn:aws:iam::" + account + ":role/" + name);
  }

  private static EmulatedClients administrator(String account) {
    return EmulatedClients.administrator(aws, account);
  }

  private static void assertDenied(ThrowingCallable call, String reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(403);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
            })
        .hasMessageContaining(reason);
  }
}
