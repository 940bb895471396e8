package io.meshwork.aws;

import static io.meshwork.testkit.MeshAssertions.assertThatProduct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.internal.dynamo.DynamoTimeouts;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.SensorReading;
import io.meshwork.product.Principal;
import io.meshwork.testkit.AwsInvariants;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * A job that publishes, grants, polls, reads, and maintains, with faults at its requests to S3,
 * DynamoDB, and STS. Whatever happens, the next run completes it. Each build has other faults; it
 * prints its seed, and {@code -Dmesh.faults.seed=} repeats it. The nightly tests have one of 41
 * parts of all faults, each night the next; {@code -Dmesh.faults.part=} chooses one, and {@code
 * -Dmesh.faults.parts=} divides them into more or fewer.
 */
class AwsFaultWalkTest {
  private static final String PARTS_PROPERTY = "mesh.faults.parts";
  private static final String PART_PROPERTY = "mesh.faults.part";

  /** Prime to the ten faults of a request, so that each part has all kinds. */
  private static final int PARTS = Integer.getInteger(PARTS_PROPERTY, 41);

  private static final int PART =
      Integer.getInteger(
          PART_PROPERTY, 1 + (int) (LocalDate.now(ZoneOffset.UTC).toEpochDay() % PARTS));

  private static final int FAULTS_OF_JOB = 4;
  private static final int FAULTS_OF_CREATION = 2;

  private static final String READINGS = "plant/readings";
  private static final Principal STEWARD = Principal.of(AwsLocal.ACCOUNT, "plant-steward");
  private static final Principal ANALYST = Principal.of("333333333333", "analyst");

  /** Short, because some requests hang until they end. */
  private static final AwsTimeouts IMPATIENT =
      new AwsTimeouts(
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          new DynamoTimeouts(Duration.ofMillis(500), Duration.ofSeconds(2)),
          AwsLocal.QUICK.pause());

  /** Of the manual clock: few repetitions. */
  private static final Duration DEADLINE = Duration.ofMillis(200);

  private static final List<SensorReading> FIRST =
      List.of(new SensorReading(1, 20), new SensorReading(2, 21));
  private static final List<SensorReading> SECOND =
      List.of(new SensorReading(3, 22), new SensorReading(4, 23));
  private static final List<SensorReading> ALL =
      Stream.concat(FIRST.stream(), SECOND.stream()).toList();

  private AwsEmulator aws;
  private AwsCredentialsProvider etl;
  private AwsCredentialsProvider admin;

  @BeforeEach
  void start() {
    aws = AwsEmulator.start();
    etl = AwsLocal.role("plant-etl");
    admin = AwsLocal.role("admin");
  }

  @AfterEach
  void close() {
    if (aws != null) { // null if the emulator is missing
      aws.close();
    }
  }

  @BeforeAll
  static void printSeed() {
    System.out.println("AwsFaultWalkTest, " + FaultSample.ARGUMENT);
  }

  @Test
  void theNextRunCompletesAJobWithFaults() {
    List<AwsFault> faults = AwsFault.of(requestsOfJob());

    AwsFault.sample(faults, FAULTS_OF_JOB, FaultSample.SEED).forEach(this::failAndRunAgain);
  }

  @Test
  void theNextRunCompletesACreationWithFaults() {
    List<AwsFault> faults = AwsFault.of(requestsOfCreation());

    AwsFault.sample(faults, FAULTS_OF_CREATION, FaultSample.SEED).forEach(this::failAndMakeAgain);
  }

  @Test
  void theNextRunCompletesACreationThatGotNoResponseWhileItWaitedForItsTable() {
    AwsFault whileWaiting =
        AwsFault.of(requestsOfCreation()).stream()
            .filter(fault -> fault.kind() == AwsFault.Kind.HANG && fault.length() > 1)
            .filter(fault -> fault.call().equals("dynamodb:DescribeTable"))
            .skip(1)
            .findFirst()
            .orElseThrow();

    failAndMakeAgain(whileWaiting);
  }

  @Tag("nightly")
  @Test
  void theNextRunCompletesAJobWithAnyFault() {
    partOf(AwsFault.of(requestsOfJob())).forEach(this::failAndRunAgain);
  }

  @Tag("nightly")
  @Test
  void theNextRunCompletesACreationWithAnyFault() {
    partOf(AwsFault.of(requestsOfCreation())).forEach(this::failAndMakeAgain);
  }

  @Test
  void thePartsHaveEachFaultOnceAndAllKinds() {
    List<AwsFault> faults = AwsFault.of(Collections.nCopies(60, "s3:PutObject"));
    List<AwsFault> together = new ArrayList<>();
    for (int part = 1; part <= PARTS; part++) {
      together.addAll(AwsFault.part(faults, part, PARTS));
    }

    assertThat(together).containsExactlyInAnyOrderElementsOf(faults);
    assertThat(AwsFault.part(faults, 3, PARTS))
        .extracting(AwsFault::kind)
        .contains(AwsFault.Kind.values());
    assertThatThrownBy(() -> AwsFault.part(faults, 22, 21))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("part 22 of 21");
  }

  private static List<AwsFault> partOf(List<AwsFault> faults) {
    List<AwsFault> part = AwsFault.part(faults, PART, PARTS);
    System.out.println(
        "AwsFaultWalkTest, %d of %d faults, -D%s=%d -D%s=%d"
            .formatted(part.size(), faults.size(), PARTS_PROPERTY, PARTS, PART_PROPERTY, PART));
    return part;
  }

  private List<String> requestsOfJob() {
    Job job = new Job();
    aws.reset();
    job.run(job.open(AwsTimeouts.STANDARD));
    List<String> calls = aws.calls();
    job.assertDone();
    assertThat(calls)
        .contains("sts:GetCallerIdentity", "sts:AssumeRole", "s3:PutObject", "s3:GetObject")
        .contains("dynamodb:TransactWriteItems", "dynamodb:GetItem", "dynamodb:Query");
    return calls;
  }

  private List<String> requestsOfCreation() {
    AwsConfig config = AwsLocal.newMesh(aws);
    aws.reset();
    AwsMesh.make(config, admin);
    return aws.calls();
  }

  private void failAndRunAgain(AwsFault fault) {
    Job job = new Job();
    aws.reset();
    fault.setOn(aws);
    String outcome = outcomeOf(() -> job.run(job.open(IMPATIENT).deadline(DEADLINE)));
    aws.reset();
    describing(
        fault,
        outcome,
        () -> {
          job.run(job.open(AwsTimeouts.STANDARD));
          job.assertDone();
        });
  }

  private void failAndMakeAgain(AwsFault fault) {
    AwsConfig config = AwsLocal.newMesh(aws);
    aws.reset();
    fault.setOn(aws);
    String outcome = outcomeOf(() -> create(config));
    aws.reset();
    describing(
        fault,
        outcome,
        () -> {
          AwsMesh.make(config, admin);
          try (AwsClients clients = new AwsClients(config)) {
            assertThat(
                    clients.s3(admin).getBucketPolicy(get -> get.bucket(config.bucket())).policy())
                .contains("aws:SecureTransport");
            assertThat(
                    clients
                        .s3(admin)
                        .getBucketVersioning(get -> get.bucket(config.bucket()))
                        .statusAsString())
                .isEqualTo("Enabled");
          }
          AwsMesh.builder(config, etl).open().close();
        });
  }

  private void create(AwsConfig config) {
    ManualClock clock = ManualClock.at(InstantSource.system().instant());
    AwsMesh.creation(config, admin, IMPATIENT)
        .clock(clock)
        .deadline(DEADLINE)
        .testing()
        .sleeper(clock::advance)
        .open()
        .close();
  }

  /** Runs with a fault: it succeeds, or reports that it can be repeated. */
  private static String outcomeOf(Runnable run) {
    try {
      run.run();
      return "success";
    } catch (MeshException e) {
      boolean repeatable =
          e instanceof OutcomeUnknownException
              || (e instanceof BackendException failure && failure.retryable());
      if (!repeatable) {
        throw e;
      }
      return e.toString();
    }
  }

  private static void describing(AwsFault fault, String outcome, Runnable nextRun) {
    try {
      nextRun.run();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "After "
              + fault
              + ", which ended with "
              + outcome
              + ", the next run failed ("
              + FaultSample.ARGUMENT
              + "; at night -D"
              + PARTS_PROPERTY
              + "="
              + PARTS
              + " -D"
              + PART_PROPERTY
              + "="
              + PART
              + "): "
              + e.getMessage(),
          e);
    }
  }

  /** What a scheduler runs each night, on its mesh. Each step can be repeated. */
  private final class Job {
    private final AwsConfig config = AwsLocal.newMesh(aws);
    private final Set<Long> polled = new HashSet<>();
    private final ManualClock clock;

    Job() {
      aws.reset();
      AwsLocal.make(config);
      clock = ManualClock.at(InstantSource.system().instant());
      try (Mesh mesh = open(AwsTimeouts.STANDARD).open()) {
        MeshClient client = mesh.client();
        client
            .registerDomain("plant")
            .accounts(AwsLocal.ACCOUNT)
            .owner("plant@example.org")
            .administrators(client.principal(), STEWARD)
            .commit();
        client.defineProduct(READINGS).contract(Contract.of(SensorReading.class)).commit();
        client.publish(READINGS).records(FIRST).idempotencyKey("run-0").commit();
      }
    }

    Mesh.Builder open(AwsTimeouts timeouts) {
      return AwsMesh.builder(config, () -> etl, timeouts)
          .clock(clock)
          .testing()
          .sleeper(clock::advance)
          .testing()
          .wrapRegistry(clock::registry);
    }

    void run(Mesh.Builder builder) {
      try (Mesh mesh = builder.open()) {
        MeshClient client = mesh.client();
        client.publish(READINGS).records(SECOND).idempotencyKey("run-1").commit();
        mesh.clientAs(STEWARD).grant(READINGS).to(ANALYST).because("Audit").commit();
        poll(client);
        assertThat(read(client)).containsExactlyInAnyOrderElementsOf(ALL);
        mesh.maintain().compactAtLeast(2).commit();
      }
    }

    private void poll(MeshClient client) {
      Subscription<SensorReading> alarms =
          client
              .subscribe(READINGS)
              .as(SensorReading.class)
              .name("alarms")
              .purpose("Alarms")
              .contact("plant@example.org")
              .commit();
      boolean more = true;
      while (more) {
        try (Batch<SensorReading> batch = alarms.poll()) {
          batch.forEach(row -> polled.add(row.id()));
          more = !batch.isEmpty();
          batch.ack();
        }
      }
    }

    private static List<SensorReading> read(MeshClient client) {
      List<SensorReading> rows = new ArrayList<>();
      try (Rows<SensorReading> found = client.read(READINGS).as(SensorReading.class).rows()) {
        found.forEach(rows::add);
      }
      return rows;
    }

    void assertDone() {
      assertThat(AwsInvariants.broken(open(AwsTimeouts.STANDARD), clock)).isEmpty();
      assertThat(polled).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
      try (Mesh mesh = open(AwsTimeouts.STANDARD).open()) {
        MeshClient client = mesh.client();
        assertThatProduct(client, READINGS).hasExactlyRows(SensorReading.class, ALL);
        assertThat(client.publishHistory(READINGS).receipts()).hasSize(2);
        assertThat(client.governance().audit().kinds("grant.made").list()).hasSize(1);
        assertThat(mesh.maintain().compactAtLeast(2).plan().steps()).isEmpty();
      }
    }
  }
}
