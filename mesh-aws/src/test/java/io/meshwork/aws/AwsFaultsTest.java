package io.meshwork.aws;

import static io.meshwork.contract.Rule.unique;
import static io.meshwork.testkit.MeshAssertions.assertThat;
import static io.meshwork.testkit.MeshAssertions.assertThatProduct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.internal.dynamo.DynamoTimeouts;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.SensorReading;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sts.model.StsException;

/** Publishes while S3 and DynamoDB fail. */
class AwsFaultsTest {
  private static final String READINGS = "plant/readings";

  /** Short, because requests hang until they end. */
  private static final AwsTimeouts IMPATIENT =
      new AwsTimeouts(
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          new DynamoTimeouts(Duration.ofMillis(500), Duration.ofSeconds(2)),
          AwsLocal.QUICK.pause());

  private static final List<SensorReading> ROWS =
      List.of(new SensorReading(1, 20), new SensorReading(2, 21));

  private AwsEmulator aws;
  private AwsConfig config;
  private Mesh mesh;
  private MeshClient etl;

  @BeforeEach
  void open() {
    aws = AwsEmulator.start();
    config = AwsLocal.newMesh(aws);
    AwsLocal.make(config);
    mesh = AwsLocal.quick(config, AwsLocal.ACCOUNT, "plant-etl").open();
    etl = mesh.client();
    etl.registerDomain("plant").accounts(AwsLocal.ACCOUNT).owner("plant@example.org").commit();
    etl.defineProduct(READINGS)
        .contract(Contract.of(SensorReading.class).require(unique("id")))
        .commit();
    aws.reset();
  }

  @AfterEach
  void close() {
    if (mesh != null) { // null if the emulator is missing
      aws.reset();
      mesh.close();
    }
    if (aws != null) {
      aws.close();
    }
  }

  @Test
  void aRequestHasThreeAttempts() {
    aws.on("s3", "GetObject").throttle();
    aws.on("dynamodb", "DescribeTable").fail500();
    aws.on("sts", "GetCallerIdentity").fail500();

    try (AwsClients clients = new AwsClients(config)) {
      AwsCredentialsProvider role = AwsLocal.role("plant-etl");
      S3Client s3 = clients.s3(role);
      assertThatThrownBy(
              () -> s3.getObjectAsBytes(get -> get.bucket(config.bucket()).key("place.json")))
          .isInstanceOf(S3Exception.class);
      assertThatThrownBy(
              () -> clients.dynamoDb(role).describeTable(get -> get.tableName(config.table())))
          .isInstanceOf(DynamoDbException.class);
      assertThatThrownBy(() -> clients.sts(AwsLocal.ACCOUNT, role).getCallerIdentity())
          .isInstanceOf(StsException.class);
    }

    for (String call : List.of("s3:GetObject", "dynamodb:DescribeTable", "sts:GetCallerIdentity")) {
      assertThat(Collections.frequency(aws.calls(), call)).as(call).isEqualTo(3);
    }
  }

  @Test
  void aThrottledBucketFailsThePublishAndTheNextRunCompletesIt() {
    aws.on("s3", "PutObject").throttle();

    assertThatThrownBy(this::publish)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.BACKEND_FAILED);
              assertThat(e.retryable()).isTrue();
            })
        .hasMessageContaining("SlowDown");

    aws.reset();
    assertThat(publish()).isNotReplayed().hasAccepted(2);
    assertThatProduct(etl, READINGS).hasExactlyRows(SensorReading.class, ROWS).hasSnapshots(1);
  }

  @Test
  void aLostReplyToAnUploadLosesNothing() {
    aws.on("s3", "PutObject").nth(1).loseReply();

    assertThat(publish()).isNotReplayed().hasAccepted(2);

    assertThatProduct(etl, READINGS).hasExactlyRows(SensorReading.class, ROWS).hasSnapshots(1);
    assertThat(mesh).isHealthy();
  }

  @Test
  void aLostReplyToACommitPublishesOnce() {
    aws.on("dynamodb", "TransactWriteItems").nth(1).loseReply();

    assertThat(publish()).hasAccepted(2);

    assertThatProduct(etl, READINGS).hasExactlyRows(SensorReading.class, ROWS).hasSnapshots(1);
    assertThat(mesh).isHealthy();
  }

  /** The requests of a publish to files and registry. */
  @ParameterizedTest
  @CsvSource({"s3, PutObject", "dynamodb, GetItem", "dynamodb, TransactWriteItems"})
  void aTokenThatExpiresDuringAPublishFailsItAndTheNextRunCompletesIt(
      String service, String operation) {
    openImpatiently();
    aws.on(service, operation).expireToken();

    assertThatThrownBy(this::publish)
        .satisfies(e -> assertThat(isRepeatable(e)).as(e.toString()).isTrue())
        .hasMessageNotContaining("provided token");

    completeThePublish();
  }

  @ParameterizedTest
  @CsvSource({"s3, PutObject", "dynamodb, GetItem", "dynamodb, TransactWriteItems"})
  void aConnectionThatHangsDuringAPublishTimesOutAndTheNextRunCompletesIt(
      String service, String operation) {
    openImpatiently();
    aws.on(service, operation).hang();

    assertThatThrownBy(this::publish)
        .satisfies(e -> assertThat(isRepeatable(e)).as(e.toString()).isTrue());

    completeThePublish();
  }

  /** Opens the mesh as a process that gives up soon. */
  private void openImpatiently() {
    mesh.close();
    mesh =
        AwsMesh.builder(config, () -> AwsLocal.role("plant-etl"), IMPATIENT)
            .deadline(Duration.ofSeconds(2))
            .open();
    etl = mesh.client();
    aws.reset();
  }

  private static boolean isRepeatable(Throwable failure) {
    return failure instanceof OutcomeUnknownException
        || (failure instanceof ConflictException conflict && conflict.retryable())
        || (failure instanceof BackendException backend && backend.retryable());
  }

  /** As another process, with new credentials. */
  private void completeThePublish() {
    aws.reset();
    mesh.close();
    mesh = AwsLocal.quick(config, AwsLocal.ACCOUNT, "plant-etl").open();
    etl = mesh.client();

    assertThat(publish()).hasAccepted(2);

    assertThatProduct(etl, READINGS).hasExactlyRows(SensorReading.class, ROWS).hasSnapshots(1);
    assertThat(mesh).isHealthy();
  }

  @Test
  void aTokenThatExpiresWhileAnExistingBucketIsCheckedPasses() {
    aws.on("s3", "GetBucketLocation").expireToken();

    assertThatThrownBy(() -> AwsLocal.make(config))
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContainingAll(config.bucket(), "ExpiredToken")
        .hasMessageNotContaining("provided token");

    aws.reset();
    AwsLocal.make(config);
  }

  @Test
  void aServiceOfTheControlPlaneThatFailsDoesNotConcernTheMesh() {
    Principal nightly = Principal.of(AwsLocal.ACCOUNT, "plant-nightly");
    aws.on("sts", "*").fail500();
    for (int i = 0; i < ControlPlane.MIN_CALLS; i++) {
      assertThatThrownBy(() -> mesh.clientAs(nightly)).isInstanceOf(BackendException.class);
    }
    int sent = aws.calls().size();

    assertThatThrownBy(() -> mesh.clientAs(nightly))
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContainingAll("sts", "No request was sent");
    assertThat(aws.calls()).hasSize(sent);

    assertThat(publish()).isNotReplayed().hasAccepted(2);
  }

  private PublishReceipt publish() {
    return etl.publish(READINGS).records(ROWS).idempotencyKey("run-1").commit();
  }
}
