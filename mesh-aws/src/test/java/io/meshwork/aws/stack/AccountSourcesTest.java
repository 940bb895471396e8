package io.meshwork.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.MeshNames;
import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryUnavailableException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Roles of templates read sources of rows outside the mesh, and nothing beside them. */
class AccountSourcesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADMINISTRATOR = "administrator";
  private static final String ETL = "commerce-etl";
  private static final String CLICKS = "commerce/clicks";
  private static final String TABLE =
      "arn:aws:dynamodb:eu-central-1:222222222222:table/shop.orders-1";
  private static final String SECRET =
      "arn:aws:secretsmanager:eu-central-1:222222222222:secret:shop/password-a1B2c3";
  private static final AwsConfig SALES =
      AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales");

  record Click(long id) {}

  @TempDir private Path temporary;
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

  private static String newAccount() {
    return "6" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }

  private static AccountSetup commerce(AwsConfig config, String account) {
    return AccountSetup.of(config, account)
        .role(ETL, AwsRoleKind.producer("commerce"), AwsRoleKind.steward("commerce"));
  }

  private void deploy(AccountSetup setup) {
    for (Template template : setup.templates()) {
      aws.runAs(template.account(), ADMINISTRATOR);
      aws.deploy(template.stack(), template.body());
    }
  }

  /** Returns the bytes of a Parquet file that has no relation to the mesh. */
  private byte[] file(long id) throws IOException {
    try (Mesh other = LocalMesh.open(temporary.resolve("other" + id))) {
      MeshClient program = other.clientAs(Principal.of("other", "program"));
      program.registerDomain("other").owner("other@example.org").commit();
      program.defineProduct("other/clicks").contract(Contract.of(Click.class)).commit();
      program.publish("other/clicks").records(List.of(new Click(id))).commit();
      return Files.readAllBytes(Path.of(program.read("other/clicks").files().get(0)));
    }
  }

  private void makeBucket(String account, String bucket) throws IOException {
    try (S3Client s3 = EmulatedClients.administrator(aws, account).s3()) {
      s3.createBucket(
          create ->
              create
                  .bucket(bucket)
                  .createBucketConfiguration(place -> place.locationConstraint(aws.region())));
      for (String key : List.of("raw/clicks/a.parquet", "raw/other/b.parquet")) {
        byte[] content = file(key.length() + Math.floorMod(bucket.hashCode(), 1_000));
        s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(content));
      }
    }
  }

  @Test
  void aRoleOnboardsTheFilesOfABucketInAnotherAccount() throws IOException {
    String governance = newAccount();
    String account = newAccount();
    String lake = newAccount();
    String bucket = "lake-" + lake;
    String raw = "s3://" + bucket + "/raw/clicks/";
    AwsConfig config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance, "t" + lake.substring(1));
    deploy(AccountSetup.of(config, governance).role("mesh-admin", AwsRoleKind.governance()));
    AwsMesh.make(config);
    deploy(commerce(config, account));
    makeBucket(lake, bucket);
    aws.runAs(governance, "mesh-admin");
    try (Mesh mesh = AwsMesh.connect(config)) {
      mesh.client()
          .registerDomain("commerce")
          .accounts(account)
          .owner("orders@example.org")
          .location("s3://" + MeshNames.bucketIn(config, account))
          .commit();
    }

    aws.runAs(account, ETL);
    assertOnboardingIsDenied(config, raw, "s3:ListBucket");
    AccountSetup setup = commerce(config, account).source(ETL, raw);
    deploy(setup);
    aws.runAs(account, ETL);
    assertOnboardingIsDenied(config, raw, "s3:ListBucket");
    String policy = setup.policies().get(account + "/source-" + bucket + ".json");
    assertThat(policy)
        .isEqualTo(AwsPolicies.of(config).sourceBucket(raw, Principal.of(account, ETL)));
    try (S3Client s3 = EmulatedClients.administrator(aws, lake).s3()) {
      s3.putBucketPolicy(put -> put.bucket(bucket).policy(policy));
    }

    aws.reset();
    try (Mesh mesh = AwsMesh.connect(config)) {
      MeshClient etl = mesh.client();
      assertThat(etl.onboard(CLICKS).from(raw).commit().rowsAccepted()).isEqualTo(1);
      try (var rows = etl.read(CLICKS).as(Click.class).rows()) {
        assertThat(rows).hasSize(1);
      }
    }
    assertThat(aws.unusedStatements(account, lake))
        .noneMatch(statement -> statement.contains(" sources ") || statement.startsWith(bucket));
    try (S3Client s3 = etl(account).s3()) {
      assertThatThrownBy(() -> s3.getObject(get -> get.bucket(bucket).key("raw/other/b.parquet")))
          .isInstanceOf(S3Exception.class);
      assertThatThrownBy(() -> s3.listObjectsV2(list -> list.bucket(bucket).prefix("raw/")))
          .isInstanceOf(S3Exception.class);
    }
  }

  private static void assertOnboardingIsDenied(AwsConfig config, String raw, String permission) {
    try (Mesh mesh = AwsMesh.connect(config)) {
      assertThatThrownBy(() -> mesh.client().onboard(CLICKS).from(raw).plan())
          .hasStackTraceContaining(permission);
    }
  }

  private EmulatedClients etl(String account) {
    return EmulatedClients.administrator(aws, account)
        .assuming("arn:aws:iam::" + account + ":role/" + ETL);
  }

  @Test
  void aRoleScansOneTable() {
    String account = newAccount();
    AwsConfig config = AwsConfig.inRegion(aws.region()).mesh(newAccount(), "sales");
    String prefix = "arn:aws:dynamodb:" + aws.region() + ":" + account + ":table/";
    deployOwn(commerce(config, account).source(ETL, prefix + "orders"));
    EmulatedClients administrator = EmulatedClients.administrator(aws, account);
    try (DynamoDbClient owner = administrator.dynamoDb();
        DynamoDbClient etl = etl(account).dynamoDb()) {
      for (String table : List.of("orders", "customers")) {
        owner.createTable(
            create ->
                create
                    .tableName(table)
                    .billingMode("PAY_PER_REQUEST")
                    .keySchema(
                        KeySchemaElement.builder().attributeName("id").keyType("HASH").build())
                    .attributeDefinitions(
                        AttributeDefinition.builder()
                            .attributeName("id")
                            .attributeType("S")
                            .build()));
        owner.putItem(put -> put.tableName(table).item(Map.of("id", AttributeValue.fromS("o-1"))));
      }
      assertThat(etl.scan(scan -> scan.tableName("orders")).items()).hasSize(1);
      assertThatThrownBy(() -> etl.scan(scan -> scan.tableName("customers")))
          .isInstanceOf(DynamoDbException.class)
          .hasMessageContaining("dynamodb:Scan");
    }
  }

  /**
   * Lets the ETL role export a table of its account, and returns the items in the files, read with
   * the same role.
   *
   * @param lake the account of the bucket
   * @param without an action that neither the role nor the policy of the bucket has
   * @throws RuntimeException if a request is denied, or the export failed
   */
  private List<String> export(String lake, String account, String without) throws IOException {
    String bucket = "exports-" + lake + "-" + without.replaceAll("[^a-z]", "").length();
    String table = "arn:aws:dynamodb:" + aws.region() + ":" + account + ":table/orders";
    AwsConfig config = AwsConfig.inRegion(aws.region()).mesh(newAccount(), "sales");
    AccountSetup setup =
        commerce(config, account).export(ETL, table, "s3://" + bucket + "/shop/orders");
    Template template = setup.templates().get(1);
    aws.runAs(account, ADMINISTRATOR);
    aws.deploy(template.stack(), without(template.body(), without));
    makeTable(account, bucket, lake);
    if (!lake.equals(account)) {
      try (S3Client s3 = EmulatedClients.administrator(aws, lake).s3()) {
        String policy = setup.policies().get(account + "/source-" + bucket + ".json");
        s3.putBucketPolicy(put -> put.bucket(bucket).policy(without(policy, without)));
      }
    }
    try (DynamoDbClient dynamo = etl(account).dynamoDb();
        S3Client s3 = etl(account).s3()) {
      String arn =
          dynamo
              .exportTableToPointInTime(
                  export ->
                      export
                          .tableArn(table)
                          .s3Bucket(bucket)
                          .s3BucketOwner(lake)
                          .s3Prefix("shop/orders")
                          .clientToken("once"))
              .exportDescription()
              .exportArn();
      ExportDescription done =
          dynamo.describeExport(describe -> describe.exportArn(arn)).exportDescription();
      if (done.exportStatus() != ExportStatus.COMPLETED) {
        throw new IllegalStateException(done.toString());
      }
      assertThat(s3.listObjectsV2(list -> list.bucket(bucket).prefix("shop/orders/")).contents())
          .extracting(S3Object::key)
          .contains(done.exportManifest());
      JsonNode summary = JSON.readTree(content(s3, bucket, done.exportManifest()));
      assertThat(summary.path("itemCount").asLong()).isEqualTo(done.itemCount());
      List<String> items = new ArrayList<>();
      for (String line :
          new String(
                  content(s3, bucket, summary.path("manifestFilesS3Key").asText()),
                  StandardCharsets.UTF_8)
              .lines()
              .toList()) {
        byte[] file = content(s3, bucket, JSON.readTree(line).path("dataFileS3Key").asText());
        try (InputStream data = new GZIPInputStream(new ByteArrayInputStream(file))) {
          new String(data.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(items::add);
        }
      }
      return items;
    }
  }

  private static byte[] content(S3Client s3, String bucket, String key) {
    return s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
  }

  /** Makes a table with point-in-time recovery, and a bucket. */
  private void makeTable(String account, String bucket, String lake) {
    try (DynamoDbClient owner = EmulatedClients.administrator(aws, account).dynamoDb();
        S3Client s3 = EmulatedClients.administrator(aws, lake).s3()) {
      s3.createBucket(
          create ->
              create
                  .bucket(bucket)
                  .createBucketConfiguration(place -> place.locationConstraint(aws.region())));
      if (owner.listTables().tableNames().isEmpty()) {
        owner.createTable(
            create ->
                create
                    .tableName("orders")
                    .billingMode("PAY_PER_REQUEST")
                    .keySchema(
                        KeySchemaElement.builder().attributeName("id").keyType("HASH").build())
                    .attributeDefinitions(
                        AttributeDefinition.builder()
                            .attributeName("id")
                            .attributeType("S")
                            .build()));
        owner.updateContinuousBackups(
            update ->
                update
                    .tableName("orders")
                    .pointInTimeRecoverySpecification(r -> r.pointInTimeRecoveryEnabled(true)));
        owner.putItem(
            put -> put.tableName("orders").item(Map.of("id", AttributeValue.fromS("o-1"))));
      }
    }
  }

  /** Returns a template or policy without an action, and without statements that have no other. */
  private static String without(String body, String action) {
    try {
      JsonNode document = JSON.readTree(body);
      for (JsonNode statements : document.findValues("Statement")) {
        ArrayNode all = (ArrayNode) statements;
        all.forEach(
            statement ->
                ((ArrayNode) statement.path("Action"))
                    .removeIf(each -> each.asText().equals(action)));
        all.removeIf(statement -> statement.path("Action").isEmpty());
      }
      return document.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRoleExportsATableToABucketAndReadsTheFiles() throws IOException {
    for (boolean own : List.of(true, false)) {
      String account = newAccount();
      String lake = own ? account : newAccount();
      aws.reset();

      assertThat(export(lake, account, "")).containsExactly("{\"Item\":{\"id\":{\"S\":\"o-1\"}}}");

      assertThat(aws.unusedStatements(account, lake))
          .noneMatch(
              statement -> statement.contains(" sources ") || statement.startsWith("exports-"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dynamodb:ExportTableToPointInTime",
        "dynamodb:DescribeExport",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:AbortMultipartUpload",
        "s3:ListBucket",
        "s3:GetObject"
      })
  void anExportNeedsEachAction(String action) {
    String account = newAccount();

    assertThatThrownBy(() -> export(account, account, action)).hasMessageContaining(action);
    assertThatThrownBy(() -> export(newAccount(), newAccount(), action))
        .hasMessageContaining(action);
  }

  @Test
  void aTableWithoutRecoveryIsNotExported() {
    String account = newAccount();
    EmulatedClients administrator = EmulatedClients.administrator(aws, account);
    makeTable(account, "exports-" + account, account);
    try (DynamoDbClient owner = administrator.dynamoDb()) {
      owner.updateContinuousBackups(
          update ->
              update
                  .tableName("orders")
                  .pointInTimeRecoverySpecification(r -> r.pointInTimeRecoveryEnabled(false)));
      assertThatThrownBy(
              () ->
                  owner.exportTableToPointInTime(
                      export ->
                          export
                              .tableArn(
                                  "arn:aws:dynamodb:"
                                      + aws.region()
                                      + ":"
                                      + account
                                      + ":table/orders")
                              .s3Bucket("exports-" + account)))
          .isInstanceOf(PointInTimeRecoveryUnavailableException.class);
    }
  }

  /** The account of the mesh is not there, and needs none of this. */
  private void deployOwn(AccountSetup setup) {
    for (Template template : setup.templates().subList(0, 2)) {
      aws.runAs(template.account(), ADMINISTRATOR);
      aws.deploy(template.stack(), template.body());
    }
  }

  @Test
  void theStatementsOfSourcesAreThoseOfTheirKinds() throws IOException {
    AccountSetup setup =
        commerce(SALES, "222222222222")
            .source(ETL, "s3://raw-lake/orders", TABLE)
            .source(ETL, SECRET, "s3://raw-lake/orders/")
            .export(ETL, TABLE, "s3://exports/shop");
    JsonNode statements =
        JSON.readTree(setup.policies().get("222222222222/commerce-etl/sources.json"))
            .path("Statement");
    List<String> texts = new ArrayList<>();
    statements.forEach(
        statement -> texts.add(statement.path("Action") + " " + statement.path("Resource")));
    assertThat(texts)
        .containsExactly(
            "[\"s3:ListBucket\"] [\"arn:aws:s3:::exports\"]",
            "[\"s3:ListBucket\"] [\"arn:aws:s3:::raw-lake\"]",
            "[\"s3:GetObject\"]"
                + " [\"arn:aws:s3:::exports/shop/*\",\"arn:aws:s3:::raw-lake/orders/*\"]",
            "[\"dynamodb:Scan\"] [\"" + TABLE + "\"]",
            "[\"secretsmanager:GetSecretValue\"] [\"" + SECRET + "\"]",
            "[\"dynamodb:ExportTableToPointInTime\"] [\"" + TABLE + "\"]",
            "[\"dynamodb:DescribeExport\"] [\"" + TABLE + "/export/*\"]",
            "[\"s3:PutObject\",\"s3:PutObjectAcl\",\"s3:AbortMultipartUpload\"]"
                + " [\"arn:aws:s3:::exports/shop/*\"]");
    assertThat(statements.get(1).at("/Condition/StringLike/s3:prefix").toString())
        .isEqualTo("[\".hoodie/*\",\"_delta_log/*\",\"metadata/*\",\"orders/*\"]");
    assertThat(setup.policies())
        .containsKeys("222222222222/source-raw-lake.json", "222222222222/source-exports.json");
    List<Path> files = new ArrayList<>();
    for (Template template : setup.templates()) {
      files.add(Files.writeString(temporary.resolve(template.fileName()), template.body()));
    }
    assertThat(AwsEmulator.lint(files)).isEmpty();
  }

  /** Across accounts, KMS permits what both the policy of the role and that of the key permit. */
  @Test
  void aRoleUsesTheKeysOfItsSourcesInOtherAccounts() throws IOException {
    String key = "arn:aws:kms:eu-west-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    String table = TABLE.replace("222222222222", "333333333333");
    String secret = SECRET.replace("222222222222", "333333333333");
    AccountSetup setup =
        commerce(SALES, "222222222222").source(ETL, "s3://raw-lake/orders", secret, TABLE, key);

    JsonNode use =
        JSON.readTree(setup.policies().get("222222222222/commerce-etl/sources.json"))
            .path("Statement")
            .get(4);
    assertThat(use.path("Action").toString()).isEqualTo("[\"kms:Decrypt\"]");
    assertThat(use.path("Resource").toString()).isEqualTo("[\"" + key + "\"]");
    assertThat(use.at("/Condition/StringEquals/kms:ViaService").toString())
        .isEqualTo(
            "[\"dynamodb.eu-west-1.amazonaws.com\",\"s3.eu-west-1.amazonaws.com\","
                + "\"secretsmanager.eu-west-1.amazonaws.com\"]");
    assertThat(AwsPolicies.of(SALES).sources("s3://raw-lake/orders/", key))
        .contains("kms:Decrypt", "\"s3.eu-west-1.amazonaws.com\"");
    assertThat(
            setup
                .export(ETL, TABLE, "s3://exports/shop")
                .policies()
                .get("222222222222/commerce-etl/sources.json"))
        .contains("kms:GenerateDataKey");
    String role = "arn:aws:iam::222222222222:role/commerce-etl";
    assertThat(setup.source(ETL, table).policies())
        .doesNotContainKey("222222222222/source-table_eu-central-1_222222222222_shop.orders-1.json")
        .hasEntrySatisfying(
            "222222222222/source-table_eu-central-1_333333333333_shop.orders-1.json",
            policy -> assertThat(policy).contains(role, "dynamodb:Scan", table))
        .hasEntrySatisfying(
            "222222222222/source-secret_eu-central-1_333333333333_shop~password-a1B2c3.json",
            policy -> assertThat(policy).contains(role, "secretsmanager:GetSecretValue", secret))
        .hasEntrySatisfying(
            "222222222222/source-key_eu-west-1_333333333333_"
                + "1234abcd-12ab-34cd-56ef-1234567890ab.json",
            policy ->
                assertThat(policy)
                    .contains(role, "kms:Decrypt", "\"*\"")
                    .doesNotContain("kms:GenerateDataKey"));
    assertThatThrownBy(() -> AwsPolicies.of(SALES).sources(key))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no source that is encrypted with it");
    List<Path> files = new ArrayList<>();
    for (Template template : setup.templates()) {
      files.add(Files.writeString(temporary.resolve(template.fileName()), template.body()));
    }
    assertThat(AwsEmulator.lint(files)).isEmpty();
  }

  /** Only these get files written with the key. */
  @Test
  void theOwnerOfAKeyPermitsRolesThatExportToEncryptWithIt() throws IOException {
    String key = "arn:aws:kms:eu-central-1:333333333333:key/1234abcd";
    AccountSetup setup =
        commerce(SALES, "222222222222")
            .role("loader", AwsRoleKind.reader())
            .source("loader", "s3://exports/x", key)
            .source(ETL, key)
            .export(ETL, TABLE, "s3://exports/x");

    JsonNode statements =
        JSON.readTree(
                setup
                    .policies()
                    .get("222222222222/source-key_eu-central-1_333333333333_1234abcd.json"))
            .path("Statement");
    List<String> texts = new ArrayList<>();
    statements.forEach(
        statement -> texts.add(statement.path("Action") + " " + statement.path("Principal")));
    String arn = "arn:aws:iam::222222222222:role/";
    assertThat(texts)
        .containsExactly(
            "[\"kms:Decrypt\"] {\"AWS\":[\"" + arn + ETL + "\",\"" + arn + "loader\"]}",
            "[\"kms:GenerateDataKey\"] {\"AWS\":[\"" + arn + ETL + "\"]}");
  }

  @Test
  void eachSourceOfAnotherAccountHasAPolicyWithADifferentName() {
    String table = "arn:aws:dynamodb:eu-west-1:333333333333:table/orders";
    String secret = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:";
    List<String> sources =
        List.of(
            table,
            table.replace("eu-west-1", "eu-central-1"),
            table.replace("333333333333", "444444444444"),
            secret + "a/b-X",
            secret + "a-b-X",
            secret + "a_b-X",
            "s3://table-eu-west-1-333333333333-orders");

    assertThat(
            commerce(SALES, "222222222222")
                .source(ETL, sources.toArray(String[]::new))
                .policies()
                .keySet())
        .filteredOn(name -> name.startsWith("222222222222/source-"))
        .hasSameSizeAs(sources)
        .contains("222222222222/source-table_eu-west-1_333333333333_orders.json")
        .allMatch(name -> name.indexOf('/') == name.lastIndexOf('/'));
  }

  @Test
  void readersOfATableAreRefusedAtOnceWithLakeFormation() {
    AccountSetup setup = commerce(SALES.lakeFormation(), "222222222222");

    assertThatThrownBy(
            () ->
                setup.readers(TableReaders.of(CLICKS, 1, Principal.of("444444444444", "analyst"))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the mesh uses Lake Formation");
  }

  private static String secret(EmulatedClients administrator, String name) throws IOException {
    String made =
        administrator.secrets(
            "CreateSecret", "{\"Name\":\"" + name + "\",\"SecretString\":\"of " + name + "\"}");
    return JSON.readTree(made).path("ARN").asText();
  }

  private static String read(EmulatedClients clients, String secret) throws IOException {
    String reply = clients.secrets("GetSecretValue", "{\"SecretId\":\"" + secret + "\"}");
    return JSON.readTree(reply).path("SecretString").asText();
  }

  @Test
  void aRoleReadsTheSecretThatIsItsSourceAndNoOther() throws IOException {
    String governance = newAccount();
    String account = newAccount();
    AwsConfig config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance, "t" + account.substring(1));
    EmulatedClients administrator = EmulatedClients.administrator(aws, account);
    String password = secret(administrator, "shop/password");
    String other = secret(administrator, "shop/password-of-another");
    deploy(AccountSetup.of(config, governance).role("mesh-admin", AwsRoleKind.governance()));
    deploy(commerce(config, account).role("loader", AwsRoleKind.reader()).source(ETL, password));
    EmulatedClients etl = administrator.assuming("arn:aws:iam::" + account + ":role/" + ETL);
    EmulatedClients loader = administrator.assuming("arn:aws:iam::" + account + ":role/loader");

    assertThat(read(etl, password)).isEqualTo("of shop/password");
    assertThatThrownBy(() -> read(etl, other)).hasMessageContaining("AccessDenied");
    assertThatThrownBy(() -> read(loader, password)).hasMessageContaining("AccessDenied");
    assertThat(read(administrator, other)).isEqualTo("of shop/password-of-another");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://",
        "s3://raw/*",
        "s3://raw/a?b/",
        "s3://raw/${aws:username}/",
        "s3://RAW/orders",
        "s3://raw//orders",
        "/data/orders",
        "arn:aws:dynamodb:eu-central-1:222222222222:table/*",
        "arn:aws:dynamodb:eu-central-1:222222222222:table/orders/index/by-day",
        "arn:aws:secretsmanager:eu-central-1:222222222222:secret:*",
        "s3://mesh-sales-222222222222-eu-central-1/data/"
      })
  void aSourceIsAFolderATableOrASecretOutsideTheMesh(String source) {
    assertThatThrownBy(() -> commerce(SALES, "222222222222").source(ETL, source))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(source.contains("mesh-sales") ? "a bucket of the mesh" : source);
  }

  @Test
  void aSourceIsOfARoleThatWasAdded() {
    AccountSetup setup = commerce(SALES, "222222222222");

    assertThatThrownBy(() -> setup.source("commerce-etll", TABLE))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("commerce-etll");
    assertThatThrownBy(() -> setup.export(ETL, SECRET, "s3://exports"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("not the ARN of a table");
    assertThatThrownBy(() -> AwsPolicies.of(SALES).sources())
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> AwsPolicies.of(SALES).sourceBucket("s3://raw/orders"))
        .isInstanceOf(InvalidRequestException.class);
  }
}
