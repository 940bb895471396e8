package io.meshwork.aws;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;
import static io.meshwork.testkit.MeshAssertions.assertThat;
import static io.meshwork.testkit.MeshAssertions.assertThatContractIsBroken;
import static io.meshwork.testkit.MeshAssertions.assertThatProduct;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.SensorReading;
import io.meshwork.testkit.As;
import io.meshwork.testkit.MeshTest;
import io.meshwork.testkit.Samples;
import io.meshwork.testkit.TestBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A test of a job lists its backends and runs unchanged on each. */
@MeshTest(
    domains = "plant",
    on = {TestBackend.InMemory.class, TestBackend.OnDisk.class, OnDynamoDb.class})
class DynamoJobTest {
  private static final String READINGS = "plant/readings";

  private static final Contract CONTRACT =
      Contract.of(SensorReading.class).require(unique("id"), between("degrees", -40, 60));

  private final Samples<SensorReading> samples = Samples.of(SensorReading.class, CONTRACT, 11);

  @Test
  void aRunIsPublishedOnceAndBadRowsAreRejected(@As("plant/sensors") MeshClient plant, Mesh mesh) {
    plant.defineProduct(READINGS).contract(CONTRACT).commit();
    List<SensorReading> readings = samples.rows(50);
    List<SensorReading> hot = samples.breaking("between.degrees", 2);

    assertThat(plant.publish(READINGS).records(readings).idempotencyKey("run-1").commit())
        .isNotReplayed()
        .hasAccepted(50);
    assertThat(plant.publish(READINGS).records(readings).idempotencyKey("run-1").commit())
        .isReplayed();
    assertThatContractIsBroken(() -> plant.publish(READINGS).records(hot).commit())
        .breaksOnly("between.degrees");

    assertThatProduct(plant, READINGS)
        .hasExactlyRows(SensorReading.class, readings)
        .hasSnapshots(1);
    assertThat(mesh).isHealthy();
  }
}
