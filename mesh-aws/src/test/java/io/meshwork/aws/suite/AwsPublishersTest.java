package io.meshwork.aws.suite;

import static io.meshwork.testkit.MeshAssertions.assertThatProduct;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.SensorReading;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.AwsInvariants;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Eight processes publish to one product at the same time, while replies get lost. */
class AwsPublishersTest {
  private static final int PUBLISHERS = 8;
  private static final String READINGS = "plant/readings";

  private AwsEmulator aws;
  private AwsConfig config;

  @BeforeEach
  void make() {
    aws = AwsEmulator.start();
    config = AwsLocal.newMesh(aws);
    AwsLocal.make(config);
    try (Mesh mesh = AwsLocal.in(config, AwsLocal.role("plant-etl")).open()) {
      MeshClient etl = mesh.client();
      etl.registerDomain("plant").accounts(AwsLocal.ACCOUNT).owner("plant@example.org").commit();
      etl.defineProduct(READINGS).contract(Contract.of(SensorReading.class)).commit();
    }
  }

  @AfterEach
  void close() {
    if (aws != null) { // null if the emulator is missing
      aws.close();
    }
  }

  @Test
  void ofManyCommitsNoneIsLostAndNoneIsRepeated() throws Exception {
    publish(24);
  }

  @Tag("nightly")
  @Test
  void of400CommitsNoneIsLostAndNoneIsRepeated() throws Exception {
    publish(400);
  }

  private void publish(int commits) throws Exception {
    aws.reset();
    for (int lost = 5; lost < commits; lost += 16) {
      aws.on("dynamodb", "TransactWriteItems").nth(lost).loseReply();
      aws.on("s3", "PutObject").nth(lost * 3).loseReply();
    }
    List<Callable<List<String>>> publishers = new ArrayList<>();
    for (int i = 0; i < PUBLISHERS; i++) {
      int number = i;
      publishers.add(() -> publish(number, commits / PUBLISHERS));
    }
    ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS);
    List<String> snapshots = new ArrayList<>();
    try {
      for (Future<List<String>> each : threads.invokeAll(publishers)) {
        snapshots.addAll(each.get());
      }
    } finally {
      threads.shutdownNow();
    }
    aws.reset();

    assertThat(snapshots).hasSize(commits).doesNotHaveDuplicates();
    List<SensorReading> rows =
        LongStream.range(0, commits).mapToObj(id -> new SensorReading(id, 20)).toList();
    try (Mesh mesh = AwsLocal.in(config, AwsLocal.role("plant-etl")).open()) {
      MeshClient etl = mesh.client();
      assertThatProduct(etl, READINGS)
          .hasSnapshots(commits)
          .hasExactlyRows(SensorReading.class, rows);
      assertThat(etl.publishHistory(READINGS).receipts()).hasSize(commits);
    }
    assertThat(
            AwsInvariants.broken(
                AwsLocal.in(config, AwsLocal.role("plant-etl")),
                ManualClock.at(InstantSource.system().instant())))
        .isEmpty();
  }

  /** Publishes one row at a time as a separate process, and returns the snapshots. */
  private List<String> publish(int publisher, int commits) {
    List<String> snapshots = new ArrayList<>();
    try (Mesh mesh = AwsLocal.in(config, AwsLocal.role("plant-etl-" + publisher)).open()) {
      for (long id = (long) publisher * commits; id < (publisher + 1L) * commits; id++) {
        PublishReceipt receipt =
            mesh.client()
                .publish(READINGS)
                .records(List.of(new SensorReading(id, 20)))
                .idempotencyKey("reading-" + id)
                .commit();
        assertThat(receipt.rowsAccepted()).isEqualTo(1);
        snapshots.add(receipt.snapshotId().orElseThrow());
      }
    }
    return snapshots;
  }
}
