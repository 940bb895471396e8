package io.meshwork.aws;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;
import static io.meshwork.testkit.MeshAssertions.assertThat;
import static io.meshwork.testkit.MeshAssertions.assertThatContractIsBroken;
import static io.meshwork.testkit.MeshAssertions.assertThatProduct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.SensorReading;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;

/** A mesh through its door: roles of one account, S3, and DynamoDB. */
class AwsMeshTest {
  private static final String READINGS = "plant/readings";

  private static final Contract CONTRACT =
      Contract.of(SensorReading.class).require(unique("id"), between("degrees", -40, 60));

  private AwsConfig config;

  @BeforeEach
  void make() {
    config = AwsLocal.newMesh();
    AwsLocal.make(config);
  }

  @Test
  void aProductIsDefinedPublishedReadPolledErasedAndMaintained() {
    List<SensorReading> readings =
        List.of(new SensorReading(1, 20), new SensorReading(2, 21), new SensorReading(3, 22));
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role("plant-etl")).open()) {
      MeshClient etl = mesh.client();
      assertThat(etl.principal()).isEqualTo(Principal.of(AwsLocal.ACCOUNT, "plant-etl"));
      registerPlant(etl);
      etl.defineProduct(READINGS).contract(CONTRACT).commit();

      assertThat(etl.publish(READINGS).records(readings).idempotencyKey("run-1").commit())
          .isNotReplayed()
          .hasAccepted(3);
      assertThat(etl.publish(READINGS).records(readings).idempotencyKey("run-1").commit())
          .isReplayed();
      assertThatContractIsBroken(
              () -> etl.publish(READINGS).records(List.of(new SensorReading(4, 99))).commit())
          .breaksOnly("between.degrees");
      assertThatProduct(etl, READINGS)
          .hasExactlyRows(SensorReading.class, readings)
          .hasSnapshots(1);

      Subscription<SensorReading> subscription =
          etl.subscribe(READINGS)
              .as(SensorReading.class)
              .name("alarms")
              .purpose("Alarms")
              .contact("plant@example.org")
              .fromStart()
              .commit();
      assertThat(poll(subscription)).containsExactlyInAnyOrderElementsOf(readings);
      assertThat(etl.events("plant/@mesh").list())
          .as("what the domain does as a consumer")
          .extracting(MeshEvent::type)
          .containsExactly(MeshEvent.Type.SUBSCRIPTION_REGISTERED);
      etl.grant(READINGS).to(Principal.of("333333333333", "analyst")).because("Audit").commit();
      etl.erase(READINGS).where("id = 2").because("Sensor removed").commit();
      assertThatProduct(etl, READINGS)
          .hasExactlyRows(SensorReading.class, List.of(readings.get(0), readings.get(2)));
    }
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role("plant-ops")).open()) {
      mesh.maintain().commit();
      assertThat(mesh).isHealthy();
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
      assertThatProduct(mesh.client(), READINGS).hasSnapshots(2);
    }
  }

  @Test
  void aClientActsAsARoleThatStsConfirms() {
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role("plant-etl")).open()) {
      registerPlant(mesh.client());
      mesh.client().defineProduct(READINGS).contract(CONTRACT).commit();
      AwsLocal.emulator().reset();

      MeshClient nightly = mesh.clientAs(Principal.of(AwsLocal.ACCOUNT, "plant-nightly"));
      nightly.publish(READINGS).records(List.of(new SensorReading(1, 20))).commit();
      mesh.clientAs(Principal.of(AwsLocal.ACCOUNT, "plant-nightly")).describe(READINGS);

      assertThat(AwsLocal.emulator().calls()).containsOnlyOnce("sts:AssumeRole");
      assertThat(mesh.client().publishHistory(READINGS).changes().get(0).by())
          .isEqualTo(AwsLocal.ACCOUNT + "/plant-nightly");
    }
  }

  @Test
  void aMeshIsMadeByARoleOfItsAccount() {
    AwsConfig missing = AwsLocal.newMesh();

    assertThatThrownBy(() -> AwsMesh.make(missing, AwsLocal.role("222222222222", "admin")))
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_THIS_PRINCIPAL))
        .hasMessageContainingAll("222222222222/admin", AwsLocal.ACCOUNT);
  }

  @Test
  void anIamUserIsRejectedByItsName() {
    assertThatThrownBy(() -> AwsMesh.builder(config, AwsLocal.keys(AwsLocal.ACCOUNT)).open())
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_THIS_PRINCIPAL))
        .hasMessageContaining("not to a role");
  }

  @Test
  void connectingNeverCreatesAMesh() {
    AwsConfig missing = AwsLocal.newMesh();

    assertThatThrownBy(() -> AwsMesh.builder(missing, AwsLocal.role("plant-etl")).open())
        .hasMessageContaining(missing.table());

    try (AwsClients clients = new AwsClients(missing)) {
      assertThat(clients.dynamoDb(AwsLocal.role("admin")).listTables().tableNames())
          .doesNotContain(missing.table());
    }
  }

  @Test
  void makingAMeshAgainKeepsIt() {
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role("plant-etl")).open()) {
      registerPlant(mesh.client());
      mesh.client().defineProduct(READINGS).contract(CONTRACT).commit();
    }

    AwsMesh.make(config, AwsLocal.role("admin"));

    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role("plant-etl")).open()) {
      assertThat(mesh.client().products()).hasSize(1);
    }
  }

  @Test
  void theBucketIsEncryptedWithTheConfiguredKey() {
    String key = "arn:aws:kms:eu-central-1:" + AwsLocal.ACCOUNT + ":key/" + UUID.randomUUID();
    AwsConfig encrypted = AwsLocal.newMesh().encryptionKey(key);
    AwsMesh.make(encrypted, AwsLocal.role("admin"));

    try (AwsClients clients = new AwsClients(encrypted)) {
      S3Client s3 = clients.s3(AwsLocal.role("admin"));
      ServerSideEncryptionByDefault rule =
          s3.getBucketEncryption(get -> get.bucket(encrypted.bucket()))
              .serverSideEncryptionConfiguration()
              .rules()
              .get(0)
              .applyServerSideEncryptionByDefault();
      assertThat(rule.sseAlgorithm()).isEqualTo(ServerSideEncryption.AWS_KMS);
      assertThat(rule.kmsMasterKeyID()).isEqualTo(key);
    }
  }

  @Test
  void makingAMeshAgainWithoutAKeyKeepsTheKeyOfItsBucket() {
    String key = "arn:aws:kms:eu-central-1:" + AwsLocal.ACCOUNT + ":key/" + UUID.randomUUID();
    AwsConfig plain = AwsLocal.newMesh();
    AwsMesh.make(plain.encryptionKey(key), AwsLocal.role("admin"));

    AwsMesh.make(plain, AwsLocal.role("admin"));

    try (AwsClients clients = new AwsClients(plain)) {
      assertThat(
              clients
                  .s3(AwsLocal.role("admin"))
                  .getBucketEncryption(get -> get.bucket(plain.bucket()))
                  .serverSideEncryptionConfiguration()
                  .rules()
                  .get(0)
                  .applyServerSideEncryptionByDefault()
                  .kmsMasterKeyID())
          .isEqualTo(key);
    }
  }

  @Test
  void theBucketIsVersionedEncryptedPrivateAndRefusesPlainHttp() {
    AwsMesh.make(config, AwsLocal.role("admin"));

    try (AwsClients clients = new AwsClients(config)) {
      S3Client s3 = clients.s3(AwsLocal.role("admin"));
      String bucket = config.bucket();

      assertThat(s3.getBucketVersioning(get -> get.bucket(bucket)).statusAsString())
          .isEqualTo("Enabled");
      assertThat(s3.getBucketEncryption(get -> get.bucket(bucket)).toString()).contains("AES256");
      assertThat(s3.getBucketPolicy(get -> get.bucket(bucket)).policy())
          .contains("aws:SecureTransport", "Deny", bucket + "/*");
      assertThat(s3.getPublicAccessBlock(get -> get.bucket(bucket)).toString())
          .doesNotContain("false");
      assertThat(s3.getBucketLifecycleConfiguration(get -> get.bucket(bucket)).rules().get(0))
          .satisfies(
              rule -> {
                assertThat(rule.abortIncompleteMultipartUpload().daysAfterInitiation())
                    .isEqualTo(7);
                assertThat(rule.noncurrentVersionExpiration().noncurrentDays()).isEqualTo(30);
                assertThat(rule.expiration().expiredObjectDeleteMarker()).isTrue();
              });
      assertThat(
              clients
                  .dynamoDb(AwsLocal.role("admin"))
                  .describeTable(get -> get.tableName(config.table()))
                  .table()
                  .deletionProtectionEnabled())
          .isTrue();
    }
  }

  @Test
  void theLifecycleOfOthersIsKept() {
    AwsMesh.make(config, AwsLocal.role("admin"));
    try (AwsClients clients = new AwsClients(config)) {
      S3Client s3 = clients.s3(AwsLocal.role("admin"));
      LifecycleRule own =
          s3.getBucketLifecycleConfiguration(get -> get.bucket(config.bucket())).rules().get(0);
      LifecycleRule other = own.toBuilder().id("of others").build();
      s3.putBucketLifecycleConfiguration(
          put -> put.bucket(config.bucket()).lifecycleConfiguration(all -> all.rules(other)));

      AwsMesh.make(config, AwsLocal.role("admin"));

      assertThat(s3.getBucketLifecycleConfiguration(get -> get.bucket(config.bucket())).rules())
          .containsExactly(other);
    }
  }

  @Test
  void aProcessIsAnonymousInAnEmbeddedMesh() {
    try (Mesh mesh = InMemoryMesh.open()) {
      assertThat(mesh.client().principal()).isEqualTo(Principal.of("anonymous", "reader"));
    }
  }

  private static void registerPlant(MeshClient client) {
    client.registerDomain("plant").accounts(AwsLocal.ACCOUNT).owner("plant@example.org").commit();
  }

  private static List<SensorReading> poll(Subscription<SensorReading> subscription) {
    List<SensorReading> rows = new ArrayList<>();
    try (Batch<SensorReading> batch = subscription.poll()) {
      batch.forEach(rows::add);
      batch.ack();
    }
    return rows;
  }
}
