package io.meshwork.aws.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.Policies;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** The SDK against the emulator: services, accounts, and faults. */
class AwsEmulatorTest {
  private static final String COMMERCE = "222222222222";
  private static final String FINANCE = "333333333333";

  private static AwsEmulator aws;
  private final String bucket = "b-" + UUID.randomUUID();

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
  void reset() {
    aws.reset();
  }

  @Test
  void anObjectOfSeveralMegabytesIsReadAsItWasWritten() {
    byte[] content = new byte[3_000_000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 31 + i / 7);
    }
    try (S3Client s3 = commerce().s3()) {
      s3.createBucket(request -> request.bucket(bucket));

      s3.putObject(r -> r.bucket(bucket).key("a/b c+d=e"), RequestBody.fromBytes(content));

      ResponseBytes<GetObjectResponse> read =
          s3.getObjectAsBytes(r -> r.bucket(bucket).key("a/b c+d=e"));
      assertThat(read.asByteArray()).isEqualTo(content);
      assertThat(s3.headObject(r -> r.bucket(bucket).key("a/b c+d=e")).contentLength())
          .isEqualTo(content.length);
      assertThat(s3.listObjectsV2(r -> r.bucket(bucket)).contents())
          .extracting(object -> object.key())
          .containsExactly("a/b c+d=e");
      assertThat(
              s3.getObjectAsBytes(r -> r.bucket(bucket).key("a/b c+d=e").range("bytes=10-19"))
                  .asByteArray())
          .hasSize(10);
    }
    assertThat(aws.calls())
        .containsExactly(
            "s3:CreateBucket",
            "s3:PutObject",
            "s3:GetObject",
            "s3:HeadObject",
            "s3:ListObjectsV2",
            "s3:GetObject");
  }

  @Test
  void aMissingObjectIsNotFound() {
    try (S3Client s3 = commerce().s3()) {
      s3.createBucket(request -> request.bucket(bucket));

      assertThatThrownBy(() -> s3.getObjectAsBytes(r -> r.bucket(bucket).key("missing")))
          .isInstanceOf(NoSuchKeyException.class);
      assertThatThrownBy(() -> s3.headObject(r -> r.bucket(bucket).key("missing")))
          .isInstanceOf(NoSuchKeyException.class);
    }
  }

  @Test
  void anObjectIsCreatedOnce() {
    try (S3Client s3 = commerce().s3()) {
      s3.createBucket(request -> request.bucket(bucket));
      s3.putObject(r -> r.bucket(bucket).key("k").ifNoneMatch("*"), RequestBody.fromString("1"));

      assertThatThrownBy(
              () ->
                  s3.putObject(
                      r -> r.bucket(bucket).key("k").ifNoneMatch("*"), RequestBody.fromString("2")))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));

      assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key("k")).asUtf8String()).isEqualTo("1");
    }
  }

  @Test
  void aBucketOfAnAccount() {
    try (S3Client s3 =
        S3Client.builder()
            .endpointOverride(aws.endpoint())
            .forcePathStyle(true)
            .region(Region.of(aws.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        aws.accessKey("222222222222"), aws.secretKey("222222222222"))))
            .build()) {
      s3.createBucket(request -> request.bucket(bucket));

      assertThat(s3.listBuckets().buckets()).extracting(Bucket::name).contains(bucket);
    }
  }

  @Test
  void anAccessKeyIsTheAdministratorOfItsAccount() {
    try (StsClient sts = commerce().sts()) {
      GetCallerIdentityResponse identity = sts.getCallerIdentity();

      assertThat(identity.account()).isEqualTo(COMMERCE);
      assertThat(identity.arn()).isEqualTo("arn:aws:iam::222222222222:user/administrator");
    }
    assertThatThrownBy(() -> aws.accessKey("commerce"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("commerce");
  }

  @Test
  void aSessionOfARoleBelongsToTheAccountOfTheRole() {
    EmulatedClients session = commerce().assuming("arn:aws:iam::" + FINANCE + ":role/analyst");

    try (StsClient sts = session.sts()) {
      assertThat(sts.getCallerIdentity().arn())
          .isEqualTo("arn:aws:sts::333333333333:assumed-role/analyst/test");
    }
    EmulatedClients chained = session.assuming("arn:aws:iam::" + COMMERCE + ":role/etl");
    try (StsClient sts = chained.sts()) {
      assertThat(sts.getCallerIdentity().arn())
          .isEqualTo("arn:aws:sts::222222222222:assumed-role/etl/test");
    }
  }

  @Test
  void aRoleIsReadByItsNameWithItsPath() {
    String role = "r-" + UUID.randomUUID();
    EmulatedClients finance = EmulatedClients.administrator(aws, FINANCE);
    finance.iam(
        "CreateRole",
        Map.of(
            "RoleName",
            role,
            "Path",
            "/teams/risk/",
            "AssumeRolePolicyDocument",
            Policies.trust(FINANCE)));

    assertThat(finance.iam("GetRole", Map.of("RoleName", role)))
        .contains("<Arn>arn:aws:iam::" + FINANCE + ":role/teams/risk/" + role + "</Arn>");
    assertThatThrownBy(() -> commerce().iam("GetRole", Map.of("RoleName", role)))
        .hasMessageContaining("NoSuchEntity");
  }

  @Test
  void aProcessRunsAsARoleUntilTheEmulatorIsClosed() {
    String before = System.getProperty("aws.accessKeyId");
    try (AwsEmulator other = AwsEmulator.start()) {
      other.runAs(FINANCE, "analyst");
      assertThat(callerOfThisProcess())
          .isEqualTo("arn:aws:sts::333333333333:assumed-role/analyst/test");

      other.runAs(COMMERCE, "etl");
      assertThat(callerOfThisProcess())
          .isEqualTo("arn:aws:sts::222222222222:assumed-role/etl/test");
    }
    assertThat(System.getProperty("aws.accessKeyId")).isEqualTo(before);
    assertThat(System.getProperty("aws.sessionToken")).isNull();
  }

  @Test
  void aProcessCannotRunAsARoleThatDoesNotTrustItsAccount() {
    String role = "r-" + UUID.randomUUID();
    EmulatedClients.administrator(aws, FINANCE).createRole(role, Policies.trust(COMMERCE));
    try (AwsEmulator other = AwsEmulator.start()) {
      assertThatThrownBy(() -> other.runAs(FINANCE, role))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll(role, "trust policy");
      assertThat(System.getProperty("aws.sessionToken")).isNull();
    }
  }

  private static String callerOfThisProcess() {
    try (StsClient sts =
        StsClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .credentialsProvider(SystemPropertyCredentialsProvider.create())
            .build()) {
      return sts.getCallerIdentity().arn();
    }
  }

  @Test
  void anAccountHasItsTablesWhateverKeyIsUsed() {
    String table = "t" + UUID.randomUUID();
    EmulatedClients session = commerce().assuming("arn:aws:iam::" + COMMERCE + ":role/etl");
    try (DynamoDbClient administrator = commerce().dynamoDb();
        DynamoDbClient etl = session.dynamoDb();
        DynamoDbClient finance = EmulatedClients.administrator(aws, FINANCE).dynamoDb()) {
      newTable(administrator, table);

      assertThat(etl.listTables().tableNames()).contains(table);
      assertThat(finance.listTables().tableNames()).doesNotContain(table);
    }
  }

  @Test
  void throttledCallsFailAsTheServicesReportThem() {
    aws.on("s3", "ListBuckets").throttle();
    aws.on("sts", "GetCallerIdentity").throttle();
    aws.on("dynamodb", "ListTables").throttle();

    assertThatThrownBy(() -> listBuckets(commerce()))
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(503);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("SlowDown");
              assertThat(e.isThrottlingException()).isTrue();
            });
    assertThatThrownBy(() -> callerIdentity(commerce())).satisfies(e -> assertThrottled(e));
    assertThatThrownBy(() -> listTables(commerce())).satisfies(e -> assertThrottled(e));
  }

  @Test
  void failuresOfAServiceHaveStatus500() {
    aws.on("s3", "*").fail500();
    aws.on("sts", "*").fail500();
    aws.on("dynamodb", "*").fail500();

    assertThatThrownBy(() -> listBuckets(commerce())).satisfies(e -> assertStatus(e, 500));
    assertThatThrownBy(() -> callerIdentity(commerce())).satisfies(e -> assertStatus(e, 500));
    assertThatThrownBy(() -> listTables(commerce())).satisfies(e -> assertStatus(e, 500));
  }

  @Test
  void anExpiredTokenIsNamed() {
    aws.on("s3", "*").expireToken();
    aws.on("sts", "*").expireToken();
    aws.on("dynamodb", "*").expireToken();

    assertThatThrownBy(() -> listBuckets(commerce())).satisfies(e -> assertCode(e, "ExpiredToken"));
    assertThatThrownBy(() -> callerIdentity(commerce()))
        .satisfies(e -> assertCode(e, "ExpiredToken"));
    assertThatThrownBy(() -> listTables(commerce()))
        .satisfies(e -> assertCode(e, "ExpiredTokenException"));
  }

  @Test
  void aCallWhoseReplyIsLostTakesEffect() {
    try (S3Client s3 = commerce().s3()) {
      s3.createBucket(request -> request.bucket(bucket));
      s3.putObject(r -> r.bucket(bucket).key("1"), RequestBody.fromString("1"));
      aws.on("s3", "PutObject").nth(2).loseReply();
      s3.putObject(r -> r.bucket(bucket).key("2"), RequestBody.fromString("2"));

      assertThatThrownBy(
              () -> s3.putObject(r -> r.bucket(bucket).key("3"), RequestBody.fromString("3")))
          .isInstanceOf(SdkClientException.class);

      assertThat(s3.listObjectsV2(r -> r.bucket(bucket)).contents())
          .extracting(object -> object.key())
          .containsExactly("1", "2", "3");
    }
  }

  @Test
  void aKilledCallerReachesNoServiceUntilTheReset() {
    try (S3Client s3 = commerce().s3();
        StsClient sts = commerce().sts()) {
      s3.createBucket(request -> request.bucket(bucket));
      aws.reset();
      aws.on("s3", "PutObject").nth(2).killCaller();
      s3.putObject(r -> r.bucket(bucket).key("1"), RequestBody.fromString("1"));

      for (String key : List.of("2", "3")) {
        assertThatThrownBy(
                () -> s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(key)))
            .as(key)
            .isInstanceOf(SdkClientException.class);
      }
      assertThatThrownBy(sts::getCallerIdentity).isInstanceOf(SdkClientException.class);

      assertThat(aws.calls()).containsExactly("s3:PutObject", "s3:PutObject");
      aws.reset();
      assertThat(s3.listObjectsV2(r -> r.bucket(bucket)).contents())
          .extracting(object -> object.key())
          .containsExactly("1", "2");
      assertThat(sts.getCallerIdentity().account()).isEqualTo(COMMERCE);
    }
  }

  @Test
  void aCallThatHangsEndsWithTheTimeoutOfTheClientAndHasNoEffect() {
    try (S3Client s3 = commerce().s3()) {
      s3.createBucket(request -> request.bucket(bucket));
      aws.on("s3", "PutObject").nth(1).hang();

      assertThatThrownBy(
              () ->
                  s3.putObject(
                      r ->
                          r.bucket(bucket)
                              .key("1")
                              .overrideConfiguration(
                                  o -> o.apiCallAttemptTimeout(Duration.ofSeconds(2))),
                      RequestBody.fromString("1")))
          .isInstanceOf(SdkClientException.class);

      assertThat(s3.listObjectsV2(r -> r.bucket(bucket)).contents()).isEmpty();
    }
  }

  private static EmulatedClients commerce() {
    return EmulatedClients.administrator(aws, COMMERCE);
  }

  private static void listBuckets(EmulatedClients clients) {
    try (S3Client s3 = clients.s3()) {
      s3.listBuckets();
    }
  }

  private static void callerIdentity(EmulatedClients clients) {
    try (StsClient sts = clients.sts()) {
      sts.getCallerIdentity();
    }
  }

  private static void listTables(EmulatedClients clients) {
    try (DynamoDbClient dynamoDb = clients.dynamoDb()) {
      dynamoDb.listTables();
    }
  }

  private static void assertThrottled(Throwable e) {
    assertThat(e)
        .isInstanceOfSatisfying(
            AwsServiceException.class, f -> assertThat(f.isThrottlingException()).isTrue());
  }

  private static void assertStatus(Throwable e, int status) {
    assertThat(e)
        .isInstanceOfSatisfying(
            AwsServiceException.class, f -> assertThat(f.statusCode()).isEqualTo(status));
  }

  private static void assertCode(Throwable e, String code) {
    assertThat(e)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            f -> assertThat(f.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  private static void newTable(DynamoDbClient client, String table) {
    client.createTable(
        request ->
            request
                .tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(
                    KeySchemaElement.builder().attributeName("p").keyType(KeyType.HASH).build())
                .attributeDefinitions(
                    AttributeDefinition.builder()
                        .attributeName("p")
                        .attributeType(ScalarAttributeType.S)
                        .build()));
  }
}
