package io.meshwork.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.MeshNames;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.s3.S3Client;

/** Stacks of the templates, in accounts that no other test has. */
class AccountStackTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADMINISTRATOR = "administrator";
  private static final String DEPLOYER = "mesh-deployer";

  private AwsEmulator aws;
  private String governance;
  private String commerce;
  private AwsConfig config;

  @BeforeEach
  void start() {
    aws = AwsEmulator.start();
    governance = newAccount();
    commerce = newAccount();
    config = AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(governance, newName());
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

  private static String newName() {
    return "t" + ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);
  }

  private AccountSetup ofGovernance(AwsConfig mesh) {
    return AccountSetup.of(mesh, governance).role("mesh-admin", AwsRoleKind.governance());
  }

  private AccountSetup ofCommerce(AwsConfig mesh) {
    return AccountSetup.of(mesh, commerce).role("commerce-etl", AwsRoleKind.producer("commerce"));
  }

  /** Deploys as administrators of the accounts. */
  private void deploy(AccountSetup setup) {
    for (Template template : setup.templates()) {
      aws.runAs(template.account(), ADMINISTRATOR);
      aws.deploy(template.stack(), template.body());
    }
  }

  @Test
  void aTemplateAndMakeBucketLeaveEqualSettings() throws IOException {
    deploy(ofGovernance(config));
    deploy(ofCommerce(config));
    String other = newAccount();
    aws.runAs(other, ADMINISTRATOR);
    AwsMesh.makeBucket(config);

    assertThat(bucketSettings(config, commerce)).isEqualTo(bucketSettings(config, other));
  }

  @Test
  void aTemplateAndMakeLeaveEqualSettingsWithAKey() throws IOException {
    AwsConfig encrypted =
        config.encryptionKey("arn:aws:kms:eu-central-1:" + governance + ":key/1234abcd");
    AwsConfig other = encrypted.mesh(governance, newName());
    deploy(ofGovernance(encrypted));
    aws.runAs(governance, ADMINISTRATOR);
    AwsMesh.make(other);

    assertThat(bucketSettings(encrypted, governance)).isEqualTo(bucketSettings(other, governance));
    assertThat(tableSettings(encrypted)).isEqualTo(tableSettings(other));
  }

  /**
   * The settings that an account has after both are those of the first: make keeps what is there.
   */
  @Test
  void makeCompletesAnAccountThatATemplateMade() throws IOException {
    deploy(ofGovernance(config));
    Map<String, JsonNode> bucket = bucketSettings(config, governance);
    Map<String, Object> table = tableSettings(config);

    aws.runAs(governance, ADMINISTRATOR);
    AwsMesh.make(config);

    assertThat(bucketSettings(config, governance)).isEqualTo(bucket);
    assertThat(tableSettings(config)).isEqualTo(table);
    aws.runAs(governance, "mesh-admin");
    AwsMesh.connect(config).close();
  }

  @Test
  void theDeployerMakesAndChangesAllStacksOfItsAccount() {
    deployer(
        ofGovernance(
            config
                .lakeFormation()
                .encryptionKey("arn:aws:kms:eu-central-1:" + governance + ":key/1234abcd")));
    deployer(ofCommerce(config.lakeFormation()));

    redeploy();

    assertThat(roles(commerce)).contains("commerce-loader").doesNotContain("commerce-etl");
  }

  /**
   * Makes the stacks, and changes each: the table gets a key, a role and a registry role come,
   * others go, and one change fails.
   *
   * @throws IllegalStateException if a request is denied, or a role that went is still there
   */
  private void redeploy() {
    AwsConfig shared = config.lakeFormation();
    for (AccountSetup setup :
        List.of(
            ofGovernance(shared),
            ofCommerce(shared),
            ofGovernance(
                shared.encryptionKey("arn:aws:kms:eu-central-1:" + governance + ":key/1234abcd")),
            AccountSetup.of(
                    shared.encryptionKey(
                        "arn:aws:kms:eu-central-1:" + governance + ":key/1234abcd"),
                    governance)
                .role("mesh-admin", AwsRoleKind.reader()),
            AccountSetup.of(shared, commerce)
                .role("commerce-loader", AwsRoleKind.producer("commerce")),
            AccountSetup.of(shared, commerce)
                .role("commerce-loader", List.of("glue.amazonaws.com"), AwsRoleKind.reader()))) {
      for (Template template : setup.templates()) {
        if (!template.stack().endsWith("-deployer")) {
          aws.runAs(governance, "platform");
          aws.assume(template.account(), DEPLOYER);
          aws.deploy(template.stack(), template.body());
        }
      }
    }
    if (roles(commerce).contains("commerce-etl")) {
      throw new IllegalStateException("commerce-etl is still there");
    }
    Template failing =
        AccountSetup.of(shared, commerce)
            .role(
                "commerce-loader",
                List.of("arn:aws:iam::" + commerce + ":role/none"),
                AwsRoleKind.reader())
            .templates()
            .get(1);
    try {
      aws.deploy(failing.stack(), failing.body());
    } catch (IllegalStateException e) {
      if (!String.valueOf(e.getMessage()).contains("Invalid principal")) {
        throw e;
      }
    }
  }

  /** Makes the deployer of an account. */
  private void deployer(AccountSetup setup) {
    try {
      Template template = setup.templates().get(0);
      JsonNode body = JSON.readTree(template.body());
      for (JsonNode statement :
          body.at("/Resources/MeshDeployerRole/Properties/Policies/0/PolicyDocument/Statement")) {
        if (statement.path("Sid").asText().equals("MakeRoles")) {
          // It also deploys a role that comes later.
          ((ArrayNode) statement.path("Resource"))
              .add("arn:aws:iam::" + template.account() + ":role/commerce-loader");
        }
      }
      aws.runAs(template.account(), ADMINISTRATOR);
      aws.deploy(template.stack(), body.toString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> roles(String account) {
    String reply = EmulatedClients.administrator(aws, account).iam("ListRoles", Map.of());
    List<String> names = new ArrayList<>();
    for (String part : reply.split("<RoleName>", -1)) {
      names.add(part.split("<", 2)[0]);
    }
    return names;
  }

  private Map<String, JsonNode> bucketSettings(AwsConfig mesh, String account) throws IOException {
    String bucket = MeshNames.bucketIn(mesh, account);
    Map<String, String> texts = new TreeMap<>();
    try (S3Client s3 = EmulatedClients.administrator(aws, account).s3()) {
      texts.put("location", s3.getBucketLocation(get -> get.bucket(bucket)).toString());
      texts.put("ownership", s3.getBucketOwnershipControls(get -> get.bucket(bucket)).toString());
      texts.put("public", s3.getPublicAccessBlock(get -> get.bucket(bucket)).toString());
      texts.put("versions", s3.getBucketVersioning(get -> get.bucket(bucket)).toString());
      texts.put("encryption", s3.getBucketEncryption(get -> get.bucket(bucket)).toString());
      texts.put(
          "lifecycle", s3.getBucketLifecycleConfiguration(get -> get.bucket(bucket)).toString());
      String policy = s3.getBucketPolicy(get -> get.bucket(bucket)).policy();
      Map<String, JsonNode> settings = new TreeMap<>();
      texts.forEach((name, text) -> settings.put(name, JSON.getNodeFactory().textNode(text)));
      settings.put("policy", JSON.readTree(policy.replace(bucket, "BUCKET")));
      return settings;
    }
  }

  private Map<String, Object> tableSettings(AwsConfig mesh) {
    try (DynamoDbClient client = EmulatedClients.administrator(aws, governance).dynamoDb()) {
      TableDescription table =
          client.describeTable(get -> get.tableName(MeshNames.table(mesh))).table();
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("keys", table.keySchema());
      settings.put("attributes", List.copyOf(table.attributeDefinitions()));
      settings.put("billing", table.billingModeSummary().billingMode());
      settings.put("protection", table.deletionProtectionEnabled());
      settings.put("encryption", String.valueOf(table.sseDescription()));
      return settings;
    }
  }

  @Test
  void whatATemplateMisspellsIsRefused() {
    AwsEmulator own = AwsEmulator.start();
    own.runAs(commerce, ADMINISTRATOR);
    Template template = ofCommerce(config).templates().get(1);
    for (Map.Entry<String, String> change :
        Map.of(
                "\"BucketName\"", "\"BucketNam\"",
                "\"NoncurrentDays\"", "\"NonCurrentDays\"",
                "AWS::S3::BucketPolicy", "AWS::S3::BucketPolicies",
                "\"DependsOn\"", "\"DependOn\"",
                "\"Resources\"", "\"Resource\"",
                "\"PolicyDocument\"", "\"PolicyDocuments\"")
            .entrySet()) {
      String body = template.body().replace(change.getKey(), change.getValue());

      assertThatThrownBy(() -> own.deploy(template.stack(), body))
          .as(change.getValue())
          .isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(own::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("BucketNam", "NonCurrentDays", "BucketPolicies", "DependOn");
  }

  @Test
  void aTemplateThatReliesOnItsOwnOrderFails() throws IOException {
    Template template = ofCommerce(config).templates().get(1);
    ObjectNode body = (ObjectNode) JSON.readTree(template.body());
    ((ObjectNode) body.at("/Resources/BucketPolicy")).remove("DependsOn");
    aws.runAs(commerce, ADMINISTRATOR);

    assertThatThrownBy(() -> aws.deploy(template.stack(), body.toString()))
        .hasMessageContainingAll("rolled back", "BucketPolicy: NoSuchBucket");
  }

  @Test
  void anAccountWaitsForTheRoleThatItsMirrorTrusts() {
    AccountSetup setup = ofCommerce(config.lakeFormation());
    Template template = setup.templates().get(1);
    aws.runAs(commerce, ADMINISTRATOR);

    assertThatThrownBy(() -> aws.deploy(template.stack(), template.body()))
        .hasMessageContainingAll("Invalid principal", governance + ":role/mesh-");
    assertThat(roles(commerce)).as("rolled back").doesNotContain("commerce-etl", "mesh-mirror");
  }

  @Test
  void aChangeThatFailsIsRolledBack() throws IOException {
    deploy(ofGovernance(config));
    AccountSetup before = ofCommerce(config);
    deploy(before);
    Template changed =
        before
            .role("commerce-etl", List.of("glue.amazonaws.com"), AwsRoleKind.producer("commerce"))
            .role("aaa", List.of("arn:aws:iam::" + commerce + ":role/none"), AwsRoleKind.reader())
            .role("zzz", AwsRoleKind.reader())
            .templates()
            .get(1);
    aws.runAs(commerce, ADMINISTRATOR);

    assertThatThrownBy(() -> aws.deploy(changed.stack(), changed.body()))
        .hasMessageContainingAll("AaaRole: MalformedPolicyDocument", "role/none");

    assertThat(roles(commerce)).contains("commerce-etl").doesNotContain("aaa", "zzz");
    aws.deploy(before.templates().get(1).stack(), before.templates().get(1).body());
  }

  @Test
  void aTableGetsAKeyAndLosesIt() {
    deploy(ofGovernance(config));
    String key = "arn:aws:kms:eu-central-1:" + governance + ":key/1234abcd";
    Template changed = ofGovernance(config.encryptionKey(key)).templates().get(1);
    aws.runAs(governance, ADMINISTRATOR);

    aws.deploy(changed.stack(), changed.body());
    assertThat(aws.calls()).contains("dynamodb:UpdateTable", "cloudformation:GetTemplateSummary");
    Template withoutKey = ofGovernance(config).templates().get(1);
    aws.deploy(withoutKey.stack(), withoutKey.body());
    assertThat(aws.calls().stream().filter("dynamodb:UpdateTable"::equals)).hasSize(2);
  }

  @Test
  void aFaultOfAServiceRollsTheStackBack() {
    deploy(ofGovernance(config));
    Template template = ofCommerce(config).templates().get(1);
    aws.runAs(commerce, ADMINISTRATOR);
    aws.on("s3", "PutBucketEncryption").fail500();

    assertThatThrownBy(() -> aws.deploy(template.stack(), template.body()))
        .hasMessageContaining("Bucket: InternalError");
    assertThat(roles(commerce)).doesNotContain("commerce-etl");
    assertThat(aws.calls()).contains("cloudformation:ExecuteChangeSet", "iam:DeleteRole");
  }
}
