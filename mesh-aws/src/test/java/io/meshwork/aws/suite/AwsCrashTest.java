package io.meshwork.aws.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsPlace;
import io.meshwork.aws.S3Local;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.conformance.fixture.SensorReading;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Maintain;
import io.meshwork.product.Principal;
import io.meshwork.publish.Feed;
import io.meshwork.testkit.CrashHarness;
import io.meshwork.testkit.CrashReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Crashes of processes on S3 and DynamoDB, which also fail. Each build crashes one job at other
 * calls; it prints its seed, and {@code -Dmesh.crash.seed=} repeats it. The nightly tests crash at
 * every fifth call. {@code DynamoCrashTest} crashes all operations, with files in memory.
 */
class AwsCrashTest {
  private static final long SEED = Long.getLong("mesh.crash.seed", new Random().nextInt(1_000_000));
  @TempDir private static Path temporary;

  private static final String READINGS = "plant/readings";

  /** The location of the files of another program, once they are there. */
  private static final List<String> LAKE = new ArrayList<>();

  /** In the account of the process, which maintains only its own domain. */
  private static final Principal ETL = Principal.of(AwsLocal.ACCOUNT, "etl");

  private static final Principal ANALYST = Principal.of("finance", "analyst");

  /** What crashes. */
  enum Job {
    DEFINE(AwsCrashTest::define, mesh -> {}),
    PUBLISH(
        mesh -> publish(mesh, "second", SensorReading.of(3, 4, -300)), AwsCrashTest::publishOnce),
    POLL(AwsCrashTest::poll, AwsCrashTest::publishOnce),
    MAINTAIN(AwsCrashTest::maintain, AwsCrashTest::publishTwice),
    PROMOTE(AwsCrashTest::promote, AwsCrashTest::stage),
    REPUBLISH(AwsCrashTest::republish, AwsCrashTest::quarantine),
    FEED(AwsCrashTest::feed, AwsCrashTest::publishOnce),
    ONBOARD(AwsCrashTest::onboard, AwsCrashTest::registerDomain),
    ERASE_NOW(AwsCrashTest::eraseNow, AwsCrashTest::stage);

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
              .maintainBy(mesh -> mesh.maintain().commit());
      return switch (this) {
        case PUBLISH -> harness;
        case PROMOTE -> harness.check("each row once", mesh -> requireRows(mesh, 1, 2, 3, 4));
        case REPUBLISH -> harness.check("each row once", mesh -> requireRows(mesh, 1, 2, 3, 4, 5));
        case FEED ->
            harness
                .severalSteps()
                .check("each row once", mesh -> requireRows(mesh, 1, 2, 10, 11, 12, 13, 14));
        case ONBOARD ->
            harness.severalSteps().check("each file once", mesh -> requireRows(mesh, 1, 2, 3));
        case ERASE_NOW ->
            harness
                .severalSteps()
                // Leftover files are fenced, a file that was deleted already is not listed, and the
                // hashes of locations contain the bucket, which differs by crash.
                .byAnyWay("log/", "head", "fence/", "clock", "erased/")
                .recoverAfter(Duration.ofDays(2))
                .check("the rows are erased", mesh -> requireRows(mesh, 1));
        default -> harness.severalSteps();
      };
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

  private static void registerDomain(Mesh mesh) {
    mesh.clientAs(ETL)
        .registerDomain("plant")
        .accounts(AwsLocal.ACCOUNT)
        .owner("plant@example.org")
        .commit();
  }

  private static Contract contract() {
    return Contract.of(SensorReading.class)
        .require(Rule.atLeast("degrees", -273))
        .onViolation(OnViolation.QUARANTINE)
        .maxQuarantineShare(50);
  }

  private static void define(Mesh mesh) {
    registerDomain(mesh);
    mesh.clientAs(ETL).defineProduct(READINGS).contract(contract()).openToMesh().commit();
  }

  private static void publish(Mesh mesh, String key, List<SensorReading> rows) {
    mesh.clientAs(ETL).publish(READINGS).records(rows).idempotencyKey(key).commit();
  }

  private static void publishOnce(Mesh mesh) {
    define(mesh);
    mesh.clientAs(ANALYST).registerDomain("finance").owner("finance@example.org").commit();
    publish(mesh, "first", SensorReading.of(1, 2));
  }

  private static void publishTwice(Mesh mesh) {
    publishOnce(mesh);
    publish(mesh, "second", SensorReading.of(3, 4));
  }

  private static void stage(Mesh mesh) {
    publishOnce(mesh);
    mesh.clientAs(ETL)
        .publish(READINGS)
        .records(SensorReading.of(3, 4, -300))
        .idempotencyKey("staged")
        .stage();
  }

  private static void promote(Mesh mesh) {
    mesh.clientAs(ETL).stagedPublishes(READINGS).forEach(staged -> staged.promote().commit());
  }

  private static void quarantine(Mesh mesh) {
    publishOnce(mesh);
    publish(mesh, "second", SensorReading.of(3, 4, -300));
  }

  private static void republish(Mesh mesh) {
    mesh.clientAs(ETL)
        .publish(READINGS)
        .idempotencyKey("corrected")
        .republish(
            "rules LIKE '%degrees%'",
            row -> {
              row.put("id", 5L);
              row.put("degrees", 5.0);
              return row;
            })
        .commit();
  }

  private static void feed(Mesh mesh) {
    try (Feed<SensorReading> feed =
        mesh.clientAs(ETL).<SensorReading>feed(READINGS, "line").rowsPerCommit(2).open()) {
      for (SensorReading reading : SensorReading.of(10, 11, 12, 13, 14)) {
        feed.accept(reading.id(), reading);
      }
      feed.commit();
    }
  }

  private static void onboard(Mesh mesh) {
    mesh.clientAs(ETL).onboard(READINGS).contract(contract()).from(lake()).commit();
  }

  private static void eraseNow(Mesh mesh) {
    mesh.clientAs(ETL)
        .erase(READINGS)
        .where("id = 2 or id = 3")
        .because("was asked to")
        .idempotencyKey("request")
        .withProof()
        .commit();
  }

  private static void requireRows(Mesh mesh, long... ids) {
    try (Rows<SensorReading> rows =
        mesh.clientAs(ETL).read(READINGS).as(SensorReading.class).rows()) {
      List<SensorReading> found = new ArrayList<>();
      rows.forEach(found::add);
      found.sort(Comparator.comparingLong(SensorReading::id));
      if (!found.equals(SensorReading.of(ids))) {
        throw new AssertionError("published are " + found);
      }
    }
  }

  /** A bucket with two files of another program, which is the same for all crashes. */
  private static String lake() {
    synchronized (LAKE) {
      if (LAKE.isEmpty()) {
        try (S3Client s3 = S3Local.client()) {
          String location = S3Local.newBucket(s3);
          put(s3, location, "a.parquet", SensorReading.of(1, 2));
          put(s3, location, "b.parquet", SensorReading.of(3));
          LAKE.add(location);
        }
      }
      return LAKE.get(0);
    }
  }

  private static void put(S3Client s3, String location, String key, List<SensorReading> rows) {
    try (Mesh other = LocalMesh.open(temporary.resolve(key))) {
      MeshClient program = other.clientAs(Principal.of("plant", "etl"));
      program.registerDomain("plant").owner("plant@example.org").commit();
      program.defineProduct(READINGS).contract(contract()).commit();
      program.publish(READINGS).records(rows).commit();
      s3.putObject(
          put -> put.bucket(location.substring("s3://".length())).key(key),
          RequestBody.fromFile(Path.of(program.read(READINGS).files().get(0))));
    }
  }

  /** Runs maintenance, and fails if tasks are left. */
  private static void maintain(Mesh mesh) {
    Maintain.Report report = mesh.maintain().compactAtLeast(2).commit();
    if (!report.remaining().isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.MAINTAIN, "the mesh"))
          .because("these tasks are left: " + report.remaining())
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  private static void poll(Mesh mesh) {
    Subscription<SensorReading> alarms =
        mesh.clientAs(ANALYST)
            .subscribe(READINGS)
            .as(SensorReading.class)
            .name("alarms")
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
