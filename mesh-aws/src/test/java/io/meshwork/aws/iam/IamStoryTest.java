package io.meshwork.aws.iam;

import static io.meshwork.aws.iam.IamAssertions.assertAllowed;
import static io.meshwork.aws.iam.IamAssertions.assertDenied;
import static io.meshwork.aws.iam.IamAssertions.assertMissing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.meshwork.Mesh;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.IamAccounts;
import io.meshwork.aws.MeshNames;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.testkit.aws.PermittedActions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * IAM enforces exactly the policies that {@link AwsPolicies} prints: all roles do their work, none
 * does the work of another, and no statement is superfluous.
 */
class IamStoryTest {
  private static final String ORDERS = IamStory.ORDERS;
  private static final String POINTER = "table/orders_v1";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static AwsEmulator aws;
  private static IamStory story;
  private static IamAccounts accounts;
  private static RegistryItems items;
  private static String bucket;

  @BeforeAll
  static void work() {
    aws = AwsEmulator.start();
    story = IamStory.prepare(aws);
    accounts = story.accounts;
    items = new RegistryItems(accounts);
    bucket = MeshNames.bucketIn(accounts.config(), IamStory.COMMERCE);
    aws.reset();
    story.run();
  }

  @AfterAll
  static void close() {
    if (aws != null) {
      aws.close();
    }
  }

  @Test
  void everyRoleDidItsWorkWithItsPolicies() {
    try (Mesh mesh = accounts.open(story.analyst)) {
      assertThat(IamStory.rows(mesh.client()))
          .containsExactlyInAnyOrder(new SmallOrder("o-1", 10), new SmallOrder("o-2", 20));
    }
    assertThat(keys("data/commerce/orders_v1/")).isNotEmpty();
    assertThat(keys("data/commerce/orders_v2/")).isNotEmpty();
    assertThat(keys("archive/commerce/orders/")).isNotEmpty();
  }

  @Test
  void onlyThoseWhoActForTheOwnerMoveATablesPointer() {
    Map<String, AttributeValue> pointer = items.read(story.etl, ORDERS, POINTER);
    assertThat(pointer).isNotEmpty();
    Map<String, AttributeValue> moved = new TreeMap<>(pointer);
    moved.put("j", text(pointer.get("j").s().replace("orders_v1", "orders_v2")));
    for (Map.Entry<String, Principal> role : story.roles().entrySet()) {
      if (role.getKey().endsWith("of commerce")) {
        assertThat(items.mayWrite(role.getValue(), ORDERS)).as(role.getKey()).isTrue();
        continue;
      }
      try (DynamoDbClient client = accounts.registryClients(role.getValue()).dynamoDb()) {
        String table = MeshNames.table(accounts.config());
        assertDenied(() -> client.putItem(put -> put.tableName(table).item(moved)));
        assertDenied(
            () ->
                client.deleteItem(
                    delete -> delete.tableName(table).key(RegistryItems.keyOf(moved))));
        assertDenied(
            () ->
                client.updateItem(
                    update ->
                        update
                            .tableName(table)
                            .key(RegistryItems.keyOf(moved))
                            .updateExpression("SET j = :j")
                            .expressionAttributeValues(Map.of(":j", moved.get("j")))));
        assertDenied(
            () ->
                client.batchWriteItem(
                    batch ->
                        batch.requestItems(
                            Map.of(
                                table,
                                List.of(
                                    WriteRequest.builder()
                                        .putRequest(put -> put.item(moved))
                                        .build())))));
        assertDenied(
            () ->
                client.transactWriteItems(
                    write -> write.transactItems(RegistryItems.put(table, moved))));
      }
    }
    assertThat(items.read(story.etl, ORDERS, POINTER)).isEqualTo(pointer);
  }

  @ParameterizedTest
  @CsvSource({
    "commerce, steward of commerce; maintenance of commerce",
    "commerce/orders, producer of commerce; steward of commerce; maintenance of commerce",
    "commerce/@by/444444444444, producer of commerce; steward of commerce;"
        + " maintenance of commerce; executor in 444444444444",
    "finance/loans/@by/444444444444, producer of finance; maintenance of finance;"
        + " executor in 444444444444",
    "commerce/@by/333333333333, producer of commerce; steward of commerce;"
        + " maintenance of commerce",
    "finance, maintenance of finance",
    "finance/loans, producer of finance; maintenance of finance",
    "finance/@mesh, producer of finance; maintenance of finance; consumer finance",
    "finance/@reads, producer of finance; maintenance of finance; consumer finance",
    "finance2/loans, ''",
    "_mesh, governance",
    "_mesh/mirrors, ''",
    "_mesh/@reads, ''",
  })
  void eachKindWritesItsPartitions(String partition, String expected) {
    TreeSet<String> writers = new TreeSet<>();
    story
        .roles()
        .forEach(
            (kind, role) -> {
              if (items.mayWrite(role, partition)) {
                writers.add(kind);
              }
            });

    assertThat(String.join("; ", writers))
        .isEqualTo(String.join("; ", new TreeSet<>(List.of(expected.split("; ?", -1)))));
  }

  @Test
  void everyDutyReadsAllPartitionsAndOnlyTheBackupScans() {
    for (Principal role : story.roles().values()) {
      assertThat(items.read(role, "_mesh", "root")).as(role.role()).isNotEmpty();
      try (DynamoDbClient client = accounts.registryClients(role).dynamoDb()) {
        String table = MeshNames.table(accounts.config());
        assertThat(
                client
                    .query(
                        query ->
                            query
                                .tableName(table)
                                .keyConditionExpression("p = :p")
                                .expressionAttributeValues(Map.of(":p", text("_mesh"))))
                    .items())
            .isNotEmpty();
        assertAllowed(role.equals(story.backup), () -> client.scan(scan -> scan.tableName(table)));
        assertDenied(() -> client.deleteTable(delete -> delete.tableName(table)));
      }
    }
  }

  @Test
  void aRegistryRoleIsAssumedOnlyByItsCallerForThisMesh() {
    String externalId = MeshNames.registryExternalId(accounts.config());
    EmulatedClients etl = accounts.clients(story.etl);

    assertThat(etl.assuming(accounts.registryRequest(story.etl, externalId))).isNotNull();
    assertDenied(() -> etl.assuming(accounts.registryRequest(story.steward, externalId)));
    assertDenied(() -> etl.assuming(accounts.registryRequest(story.etl, "mesh-other")));
    assertDenied(
        () ->
            etl.assuming(
                accounts.registryRequest(story.etl, externalId).toBuilder()
                    .tags(List.of(tag("mesh", "other")))
                    .build()));
    assertDenied(
        () ->
            etl.assuming(
                accounts.registryRequest(story.etl, externalId).toBuilder()
                    .tags(
                        List.of(
                            tag("mesh", MeshNames.meshName(accounts.config())),
                            tag("team", "commerce")))
                    .build()));
  }

  @Test
  void noRoleReplacesDataAndOnlyMaintenanceDeletesIt() {
    String data = keys("data/commerce/orders_v1/data/").get(0);
    for (Principal role : story.roles().values()) {
      try (S3Client s3 = accounts.clients(role).s3()) {
        assertDenied(
            () -> s3.putObject(put -> put.bucket(bucket).key(data), RequestBody.fromString("x")));
        if (!role.equals(story.operations)) {
          assertDenied(() -> s3.deleteObject(delete -> delete.bucket(bucket).key(data)));
        }
      }
    }
    try (S3Client s3 = accounts.clients(story.etl).s3()) {
      assertThatThrownBy(
              () ->
                  s3.putObject(
                      put -> put.bucket(bucket).key(data).ifNoneMatch("*"),
                      RequestBody.fromString("x")))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
      assertDenied(
          () ->
              s3.copyObject(
                  copy ->
                      copy.sourceBucket(bucket)
                          .sourceKey(data)
                          .destinationBucket(bucket)
                          .destinationKey(data)));
    }
    assertThat(keys("data/commerce/orders_v1/data/")).contains(data);
  }

  @Test
  void onlyTheOwnersRolesWriteFilesAndOnlyNamedReadersReadThem() {
    String data = keys("data/commerce/orders_v1/data/").get(0);
    for (Map.Entry<String, Principal> role : story.roles().entrySet()) {
      boolean isOwner = role.getKey().endsWith("of commerce");
      try (S3Client s3 = accounts.clients(role.getValue()).s3()) {
        assertAllowed(
            isOwner,
            () ->
                s3.putObject(
                    put ->
                        put.bucket(bucket)
                            .key("data/commerce/orders_v1/" + role.getValue().role())
                            .ifNoneMatch("*"),
                    RequestBody.fromString("x")));
        assertAllowed(
            isOwner || role.getValue().equals(story.backup),
            () -> s3.getObjectAsBytes(get -> get.bucket(bucket).key(data)));
        assertDenied(
            () ->
                s3.putObject(
                    put -> put.bucket(bucket).key("data/finance/loans_v1/x").ifNoneMatch("*"),
                    RequestBody.fromString("x")));
      }
    }
    try (S3Client s3 = accounts.clients(story.analyst).s3()) {
      assertAllowed(true, () -> s3.getObjectAsBytes(get -> get.bucket(bucket).key(data)));
      assertDenied(
          () ->
              s3.getObjectAsBytes(
                  get -> get.bucket(bucket).key("data/commerce/orders_v1_quarantine/x")));
      assertDenied(() -> s3.listObjectsV2(list -> list.bucket(bucket)));
    }
  }

  @Test
  void aDenialOfTheRegistryNamesActionTableAndPrincipal() {
    try (Mesh mesh = accounts.open(story.etl)) {
      assertMissing(
          () ->
              mesh.client()
                  .defineProduct("commerce/refunds")
                  .contract(Contract.of(SmallOrder.class))
                  .commit(),
          "222222222222/" + story.etl.role(),
          "dynamodb:PutItem",
          "arn:aws:dynamodb:eu-central-1:111111111111:table/" + MeshNames.table(accounts.config()),
          "commerce");
    }
  }

  /** A grant also changes the documents of the domain. */
  @Test
  void aProducerCannotGrant() {
    try (Mesh mesh = accounts.open(story.etl)) {
      assertMissing(
          () -> mesh.client().grant(ORDERS).to(story.analyst).because("A test").commit(),
          "222222222222/" + story.etl.role(),
          "dynamodb:PutItem");
    }
  }

  @Test
  void aDenialOfAFileNamesActionObjectAndPrincipal() {
    accounts.putBucketPolicy(IamStory.COMMERCE, accounts.policies().bucket(IamStory.COMMERCE));
    try (Mesh mesh = accounts.open(story.analyst)) {
      assertMissing(
          () -> IamStory.rows(mesh.client()),
          "333333333333/" + story.analyst.role(),
          "s3:GetObject",
          "arn:aws:s3:::" + bucket + "/data/commerce/orders_v1/");
    } finally {
      story.shareTables();
    }
  }

  @Test
  void noStatementOfARoleIsSuperfluous() {
    Set<String> superfluous = new TreeSet<>();
    for (Principal worker : story.workers()) {
      for (Principal role : List.of(worker, accounts.registryRole(worker))) {
        for (String part : superfluous(role, PolicyMutation.STATEMENTS)) {
          superfluous.add(role.role() + " " + part);
        }
      }
    }

    assertThat(superfluous).isEmpty();
  }

  /** An action that several kinds have is superfluous if none of them needs it. */
  @Test
  void noActionAndNoPartitionIsSuperfluous() {
    Set<String> needed = new TreeSet<>();
    Set<String> superfluous = new TreeSet<>();
    for (Principal worker : story.workers()) {
      for (Principal role : List.of(worker, accounts.registryRole(worker))) {
        List<String> ofRole = superfluous(role, PolicyMutation.VALUES);
        superfluous.addAll(ofRole);
        Set<String> neededByRole = PolicyMutation.VALUES.parts(accounts.documents(role).values());
        neededByRole.removeAll(ofRole);
        needed.addAll(neededByRole);
      }
    }
    superfluous.removeAll(needed);

    // The work has no upload that fails, and no archive that a crash left; see the next test.
    assertThat(superfluous)
        .containsExactlyInAnyOrder(
            "WriteData s3:AbortMultipartUpload",
            "ArchiveLogs s3:AbortMultipartUpload",
            "ArchiveLogs s3:DeleteObject",
            "ArchiveMeshLogs s3:AbortMultipartUpload",
            "ArchiveMeshLogs s3:DeleteObject");
  }

  @Test
  void whoWritesAbortsUploadsAndMaintenanceDeletesArchives() {
    String archive = "archive/commerce/orders/leftover";
    try (S3Client s3 = accounts.clients(story.operations).s3()) {
      s3.putObject(put -> put.bucket(bucket).key(archive), RequestBody.fromString("x"));
      String upload =
          s3.createMultipartUpload(create -> create.bucket(bucket).key(archive)).uploadId();
      s3.abortMultipartUpload(abort -> abort.bucket(bucket).key(archive).uploadId(upload));
      s3.deleteObject(delete -> delete.bucket(bucket).key(archive));
      assertThat(keys(archive)).isEmpty();
    }
    String key = "data/commerce/orders_v1/upload";
    try (S3Client s3 = accounts.clients(story.etl).s3()) {
      String upload = s3.createMultipartUpload(create -> create.bucket(bucket).key(key)).uploadId();
      assertThatCode(
              () ->
                  s3.abortMultipartUpload(abort -> abort.bucket(bucket).key(key).uploadId(upload)))
          .doesNotThrowAnyException();
    }
    try (S3Client s3 = accounts.clients(story.analyst).s3()) {
      assertDenied(
          () -> s3.abortMultipartUpload(abort -> abort.bucket(bucket).key(key).uploadId("x")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"caller 0", "registry 0", "registry 1", "files 0"})
  void aProducerWithoutOneStatementCannotPublish(String removed) throws IOException {
    String name = removed.substring(0, removed.indexOf(' '));
    Principal role = name.equals("registry") ? accounts.registryRole(story.etl) : story.etl;
    String policy = accounts.documents(role).get(name);
    JsonNode less = JSON.readTree(policy);
    ((ArrayNode) less.path("Statement"))
        .remove(Integer.parseInt(removed.substring(removed.indexOf(' ') + 1)));
    accounts.replace(role, name, less.path("Statement").isEmpty() ? null : less.toString());
    try {
      assertThatThrownBy(() -> story.publishToBoth(new SmallOrder(removed, 1)))
          .isInstanceOfSatisfying(
              MeshException.class,
              e ->
                  assertThat(e.errorCode())
                      .isIn(ErrorCode.PERMISSION_MISSING, ErrorCode.NOT_THIS_PRINCIPAL));
    } finally {
      accounts.replace(role, name, policy);
    }
  }

  @Test
  void withoutItsStatementsTheBucketRefusesReadersBackupsAndGovernanceAndReplacesFiles()
      throws IOException {
    String data = keys("data/commerce/orders_v1/data/").get(0);
    List<ThrowingCallable> needs = new ArrayList<>();
    try (S3Client etl = accounts.clients(story.etl).s3();
        S3Client admin = accounts.clients(story.admin).s3();
        S3Client analyst = accounts.clients(story.analyst).s3();
        S3Client backup = accounts.clients(story.backup).s3()) {
      needs.add(() -> admin.getObjectAsBytes(get -> get.bucket(bucket).key("place.json")));
      needs.add(() -> assertMissingKey(admin, "mesh.json"));
      needs.add(() -> admin.listObjectsV2(list -> list.bucket(bucket).prefix("data/")));
      needs.add(() -> analyst.getObjectAsBytes(get -> get.bucket(bucket).key(data)));
      needs.add(() -> backup.getObjectAsBytes(get -> get.bucket(bucket).key(data)));
      needs.add(() -> backup.listObjectsV2(list -> list.bucket(bucket).prefix("archive/")));
      JsonNode whole =
          JSON.readTree(
              story
                  .policies()
                  .bucket(IamStory.COMMERCE, TableReaders.of(ORDERS, 1, story.analyst)));
      accounts.putBucketPolicy(IamStory.COMMERCE, whole.toString());
      for (ThrowingCallable need : needs) {
        assertThatCode(need).doesNotThrowAnyException();
      }
      for (int i = 0; i < whole.path("Statement").size(); i++) {
        String removed = whole.path("Statement").path(i).path("Sid").asText();
        accounts.putBucketPolicy(IamStory.COMMERCE, PolicyMutation.without(whole, i));
        switch (removed) {
          case "TlsOnly" -> {} // The emulator has no TLS.
          case "NeverReplace" ->
              assertThatCode(
                      () ->
                          etl.putObject(
                              put -> put.bucket(bucket).key("data/commerce/orders_v1/replaced"),
                              RequestBody.fromString("x")))
                  .doesNotThrowAnyException();
          case "MarkPlace" -> assertDenied(needs.get(0));
          case "FindMesh", "ListPlace" ->
              assertDenied(needs.get(removed.equals("FindMesh") ? 1 : 2));
          case "ReadAllFiles", "ListAllFiles" ->
              assertDenied(needs.get(removed.equals("ReadAllFiles") ? 4 : 5));
          default -> assertDenied(needs.get(3));
        }
      }
    } finally {
      story.shareTables();
    }
  }

  private static void assertMissingKey(S3Client s3, String key) {
    try {
      s3.headObject(head -> head.bucket(bucket).key(key));
    } catch (S3Exception e) {
      if (e.statusCode() != 404) {
        throw e;
      }
    }
  }

  /** Returns the parts of a role's policies without which its whole work would be permitted. */
  private static List<String> superfluous(Principal role, PolicyMutation mutation) {
    String arn = MeshNames.roleArn(accounts.config(), role);
    Map<String, String> documents = accounts.documents(role);
    assertThat(PermittedActions.of(aws, arn)).as(arn).isNotEmpty();
    assertThat(PermittedActions.deniedBy(aws, arn, List.copyOf(documents.values()))).isEmpty();
    List<String> superfluous = new ArrayList<>();
    documents.forEach(
        (name, policy) ->
            mutation
                .of(policy)
                .forEach(
                    (part, less) -> {
                      Map<String, String> others = new TreeMap<>(documents);
                      others.put(name, less);
                      if (PermittedActions.deniedBy(aws, arn, List.copyOf(others.values()))
                          .isEmpty()) {
                        superfluous.add(part);
                      }
                    }));
    return superfluous;
  }

  private static AttributeValue text(String value) {
    return AttributeValue.builder().s(value).build();
  }

  private static List<String> keys(String prefix) {
    try (S3Client s3 = EmulatedClients.administrator(aws, IamStory.COMMERCE).s3()) {
      return s3.listObjectsV2(list -> list.bucket(bucket).prefix(prefix)).contents().stream()
          .map(S3Object::key)
          .toList();
    }
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
