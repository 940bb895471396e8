package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.testkit.aws.AwsEmulator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** What the profile aws-live refuses, what it may touch, and that it removes it. */
class AwsLiveAccountTest {
  private static final String ACCOUNT = "444444444444";

  private final String prefix = "p" + UUID.randomUUID().toString().substring(0, 5);
  private AwsEmulator aws;

  @BeforeEach
  void start() {
    aws = AwsEmulator.start();
  }

  @AfterEach
  void close() {
    if (aws != null) {
      aws.close();
    }
  }

  @Test
  void aRunWithoutAnAccountNamesEachVariable() {
    assertThatThrownBy(() -> AwsLiveAccount.of(Map.of(), AwsLocal.keys(ACCOUNT)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            "nothing was created",
            "MESH_LIVE_REGION is missing",
            "MESH_LIVE_ACCOUNT is missing",
            "MESH_LIVE_PREFIX is missing");
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void aPrefixThatOtherNamesCouldHaveIsRefused() {
    for (String unsafe : List.of("", "a", "mesh-", "Shop", "sales-eu", "1234", "averylongone")) {
      assertThatThrownBy(() -> live(Map.of("MESH_LIVE_PREFIX", unsafe)))
          .as(unsafe)
          .hasMessageContaining("MESH_LIVE_PREFIX is '" + unsafe + "'");
    }
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void credentialsOfAnotherAccountAreRefused() {
    assertThatThrownBy(() -> live(Map.of("MESH_LIVE_ACCOUNT", "555555555555")))
        .hasMessageContainingAll("'555555555555'", "'" + ACCOUNT + "'", "nothing was created");
  }

  @Test
  void credentialsOfAUserAreRefused() {
    assertThatThrownBy(() -> live(Map.of(), AwsLocal.keys(ACCOUNT)))
        .hasMessageContainingAll("not of a role", "nothing was created");
  }

  @Test
  void credentialsThatStsDoesNotConfirmAreRefused() {
    aws.on("sts", "GetCallerIdentity").expireToken();

    assertThatThrownBy(() -> live(Map.of())).hasMessageContaining("STS does not confirm");
  }

  @Test
  void rolesThatAreNotInFurtherAccountsAreRefused() {
    String role = "arn:aws:iam::555555555555:role/live";
    for (String roles :
        List.of(
            "555555555555",
            "arn:aws:iam::555555555555:user/live",
            role.replace("555555555555", ACCOUNT),
            role + ", " + role)) {
      assertThatThrownBy(() -> live(Map.of("MESH_LIVE_ROLES", roles)))
          .as(roles)
          .hasMessageContainingAll("MESH_LIVE_ROLES", "nothing was created");
    }
  }

  @Test
  void aRoleThatCannotBeAssumedIsRefused() {
    aws.on("sts", "AssumeRole").expireToken();

    assertThatThrownBy(() -> live(Map.of("MESH_LIVE_ROLES", "arn:aws:iam::555555555555:role/live")))
        .hasMessageContaining("STS does not confirm");
  }

  @Test
  void aRunRemovesWhatItCreatedInFurtherAccounts() {
    AwsLiveAccount account = live(Map.of("MESH_LIVE_ROLES", "arn:aws:iam::555555555555:role/live"));
    AwsLiveAccount further = account.further().get(0);
    assertThat(account.toString()).contains(ACCOUNT, "555555555555");
    try (DynamoDbClient dynamoDb = further.dynamoDb()) {
      DynamoTable.ensure(dynamoDb, account.newName());
      assertThat(dynamoDb.listTables().tableNames()).anyMatch(account::owns);

      assertThat(account.removeAll()).isEmpty();

      assertThat(dynamoDb.listTables().tableNames()).noneMatch(account::owns);
    }
  }

  @Test
  void onlyNamesWithTheWholePrefixAreItsOwn() {
    AwsLiveAccount account = live(Map.of());
    AwsConfig mesh = account.newMesh();

    assertThat(List.of(account.newName(), mesh.bucket(), mesh.table())).allMatch(account::owns);
    assertThat(List.of("mesh-" + prefix, "mesh-" + prefix + "2-x", prefix + "-x", "mesh-sales"))
        .noneMatch(account::owns);
  }

  @Test
  void aRunRemovesAllThatHasItsPrefixAndNothingElse() {
    AwsLiveAccount account = live(Map.of());
    AwsLiveAccount neighbour = live(Map.of("MESH_LIVE_PREFIX", prefix + "x"));
    String bucket = account.newName();
    String foreignBucket = neighbour.newName();
    String foreignTable = neighbour.newName();
    AwsConfig mesh = account.newMesh();
    AwsMesh.make(mesh, AwsLocal.role(ACCOUNT, "admin"));
    try (S3Client s3 = account.s3();
        DynamoDbClient dynamoDb = account.dynamoDb()) {
      s3.createBucket(r -> r.bucket(foreignBucket));
      DynamoTable.ensure(dynamoDb, foreignTable);
      DynamoTable.ensure(dynamoDb, account.newName());
      s3.createBucket(r -> r.bucket(bucket));
      s3.putBucketVersioning(
          r ->
              r.bucket(bucket)
                  .versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
      s3.putObject(r -> r.bucket(bucket).key("k"), RequestBody.fromString("1"));
      s3.putObject(r -> r.bucket(bucket).key("k"), RequestBody.fromString("2"));
      s3.deleteObject(r -> r.bucket(bucket).key("k"));
      s3.createMultipartUpload(r -> r.bucket(bucket).key("unfinished"));

      assertThatCode(() -> AwsLiveSession.removeAll(account)).doesNotThrowAnyException();

      assertThat(dynamoDb.listTables().tableNames())
          .contains(foreignTable)
          .noneMatch(account::owns);
      assertThat(s3.listBuckets().buckets())
          .extracting(each -> each.name())
          .contains(foreignBucket)
          .noneMatch(account::owns);
      assertThat(neighbour.removeAll()).isEmpty();
    }
  }

  @Test
  void whatCannotBeRemovedIsListedAndTheRestIsRemoved() {
    AwsLiveAccount account = live(Map.of());
    String bucket = account.newName();
    String table = account.newName();
    try (S3Client s3 = account.s3();
        DynamoDbClient dynamoDb = account.dynamoDb()) {
      s3.createBucket(r -> r.bucket(bucket));
      DynamoTable.ensure(dynamoDb, table);
      aws.on("s3", "DeleteBucket").expireToken();

      assertThatThrownBy(() -> AwsLiveSession.removeAll(account))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll("bucket " + bucket, ACCOUNT)
          .hasMessageNotContaining(table);

      assertThat(dynamoDb.listTables().tableNames()).doesNotContain(table);
      aws.reset();
      assertThat(account.removeAll()).isEmpty();
    }
  }

  @Test
  void servicesThatCannotBeListedCountAsLeft() {
    AwsLiveAccount account = live(Map.of());
    aws.on("dynamodb", "ListTables").expireToken();

    assertThat(account.removeAll())
        .singleElement()
        .asString()
        .contains("tables, which could not be listed");
  }

  private AwsLiveAccount live(Map<String, String> changes) {
    return live(changes, AwsLocal.role(ACCOUNT, "live"));
  }

  private AwsLiveAccount live(Map<String, String> changes, AwsCredentialsProvider credentials) {
    Map<String, String> environment =
        new TreeMap<>(
            Map.of(
                "MESH_LIVE_REGION",
                aws.region(),
                "MESH_LIVE_ACCOUNT",
                ACCOUNT,
                "MESH_LIVE_PREFIX",
                prefix,
                "MESH_LIVE_ENDPOINT",
                aws.endpoint().toString()));
    environment.putAll(changes);
    return AwsLiveAccount.of(environment, credentials);
  }
}
