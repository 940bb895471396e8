package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.maintenance.Maintain;
import io.meshwork.product.Principal;
import io.meshwork.testkit.CrashHarness;
import io.meshwork.testkit.CrashReport;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crashes of processes on S3 and DynamoDB, which also fail. Each build crashes one job at other
 * calls; it prints its seed, and {@code -Dmesh.crash.seed=} repeats it. The nightly tests crash at
 * every fifth call. {@code DynamoCrashTest} crashes all operations, with files in memory.
 */
class AwsCrashTest {
  private static final long SEED = Long.getLong("mesh.crash.seed", new Random().nextInt(1_000_000));
  private static final String READINGS = "plant/readings";

  /** In the account of the process, which maintains only its own domain. */
  private static final Principal ETL = Principal.of(AwsLocal.ACCOUNT, "etl");

  private static final Principal ANALYST = Principal.of("finance", "analyst");

  record SensorReading(long id, double degrees) {
    static List<SensorReading> of(long... ids) {
      return Arrays.stream(ids).mapToObj(id -> new SensorReading(id, id)).toList();
    }
  }

  /** What crashes. */
  enum Job {
    DEFINE(AwsCrashTest::define, mesh -> {}),
    PUBLISH(
        mesh -> publish(mesh, "second", SensorReading.of(3, 4, -300)), AwsCrashTest::publishOnce),
    POLL(AwsCrashTest::poll, AwsCrashTest::publishOnce),
    MAINTAIN(AwsCrashTest::maintain, AwsCrashTest::publishTwice);

    private final Consumer<Mesh> run;
    private final Consumer<Mesh> before;

    Job(Consumer<Mesh> run, Consumer<Mesh> before) {
      this.run = run;
      this.before = before;
    }

    CrashHarness harness() {
      CrashHarness harness =
          CrashHarness.of(name(), run)
              .after(before)
              .on(() -> new AwsPlace(SEED))
              .seed(SEED)
              .maintainedBy(mesh -> mesh.maintain().commit());
      return this == PUBLISH ? harness : harness.inSeveralSteps();
    }
  }

  @Test
  void aCrashLeavesAnIntactMesh() {
    Job job = Job.values()[(int) (SEED % Job.values().length)];

    assertThat(run(job.harness().atMost(3)).tried()).isEqualTo(3);
  }

  @Tag("nightly")
  @ParameterizedTest
  @EnumSource
  void aCrashAtEveryFifthCallLeavesAnIntactMesh(Job job) {
    assertThat(run(job.harness().oneAtEvery(5)).tried()).isGreaterThan(4);
  }

  private static CrashReport run(CrashHarness harness) {
    CrashReport report;
    try {
      report = harness.run();
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n-Dmesh.crash.seed=" + SEED, e);
    }
    System.out.println("AwsCrashTest, -Dmesh.crash.seed=" + SEED + ": " + report);
    return report;
  }

  private static void define(Mesh mesh) {
    MeshClient etl = mesh.actingAs(ETL);
    etl.registerDomain("plant").accounts(AwsLocal.ACCOUNT).ownedBy("plant@example.org").commit();
    etl.defineProduct(READINGS)
        .contract(
            Contract.of(SensorReading.class)
                .require(Rule.atLeast("degrees", -273))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(50))
        .openToMesh()
        .commit();
  }

  private static void publish(Mesh mesh, String key, List<SensorReading> rows) {
    mesh.actingAs(ETL).publish(READINGS).records(rows).idempotencyKey(key).commit();
  }

  private static void publishOnce(Mesh mesh) {
    define(mesh);
    mesh.actingAs(ANALYST).registerDomain("finance").ownedBy("finance@example.org").commit();
    publish(mesh, "first", SensorReading.of(1, 2));
  }

  private static void publishTwice(Mesh mesh) {
    publishOnce(mesh);
    publish(mesh, "second", SensorReading.of(3, 4));
  }

  /** Runs maintenance, and fails if tasks are left. */
  private static void maintain(Mesh mesh) {
    Maintain.Report report = mesh.maintain().compactingFrom(2).commit();
    if (!report.left().isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.MAINTAIN, "the mesh"))
          .because("these tasks are left: " + report.left())
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  private static void poll(Mesh mesh) {
    Subscription<SensorReading> alarms =
        mesh.actingAs(ANALYST)
            .subscribe(READINGS)
            .as(SensorReading.class)
            .named("alarms")
            .purpose("Alarms")
            .commit();
    boolean more = true;
    while (more) {
      try (Batch<SensorReading> batch = alarms.poll()) {
        batch.forEach(row -> {});
        more = !batch.isEmpty();
        if (more) {
          batch.ack();
        }
      }
    }
  }
}
