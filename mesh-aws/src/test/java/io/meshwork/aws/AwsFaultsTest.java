package io.meshwork.aws;

import static io.meshwork.contract.Rule.unique;
import static io.meshwork.testkit.MeshAssertions.assertThat;
import static io.meshwork.testkit.MeshAssertions.assertThatProduct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.AwsEmulator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishes while S3 and DynamoDB fail. */
class AwsFaultsTest {
  private static final String READINGS = "plant/readings";

  record SensorReading(long id, double degrees) {}

  private static final List<SensorReading> ROWS =
      List.of(new SensorReading(1, 20), new SensorReading(2, 21));

  private AwsEmulator aws;
  private Mesh mesh;
  private MeshClient etl;

  @BeforeEach
  void open() {
    aws = AwsEmulator.start();
    AwsConfig config = AwsLocal.newMesh(aws);
    AwsLocal.make(config);
    mesh = AwsMesh.in(config, AwsLocal.role("plant-etl")).open();
    etl = mesh.acting();
    etl.registerDomain("plant").accounts(AwsLocal.ACCOUNT).ownedBy("plant@example.org").commit();
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

  private PublishReceipt publish() {
    return etl.publish(READINGS).records(ROWS).idempotencyKey("run-1").commit();
  }
}
