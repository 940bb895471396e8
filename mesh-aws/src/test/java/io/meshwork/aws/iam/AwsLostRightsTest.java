package io.meshwork.aws.iam;

import static io.meshwork.testkit.MeshAssertions.assertThatProduct;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.MeshNames;
import io.meshwork.aws.Policies;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.internal.conformance.fixture.SensorReading;
import io.meshwork.registry.Registry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A role that loses a permission while it publishes. The publish is done, or refused with the
 * permission that is missing, and the next run completes it once the role has the permission again.
 * The nightly tests lose each kind of permission at each call of the registry.
 */
class AwsLostRightsTest {
  private static final String READINGS = "plant/readings";

  /** More calls of the registry than a publish makes. */
  private static final int MANY = 100;

  /** A build begins at one of these calls, and loses the permission at each tenth after it. */
  private static final List<Integer> FIRST_CALLS = IntStream.rangeClosed(1, 10).boxed().toList();

  /** What a role loses. */
  private enum Lost {
    WRITES_OF_DYNAMO_DB("dynamodb:", false),
    DYNAMO_DB("dynamodb:", true),
    WRITES_OF_S3("s3:", false),
    S3("s3:", true);

    private final String service;
    private final boolean all;

    Lost(String service, boolean all) {
      this.service = service;
      this.all = all;
    }

    /** Returns the policy that the role has left. */
    String policy(AwsConfig config) {
      List<String> statements = new ArrayList<>();
      if (!service.equals("dynamodb:")) {
        statements.add(statement("dynamodb:*", table(config)));
      } else if (!all) {
        for (String read : List.of("GetItem", "Query", "ConditionCheckItem")) {
          statements.add(statement(service + read, table(config)));
        }
      }
      if (!service.equals("s3:")) {
        statements.add(statement("s3:*", "*"));
      } else if (!all) {
        statements.add(statement("s3:GetObject", "*"));
        statements.add(statement("s3:ListBucket", "*"));
      }
      return Policies.policy(statements.toArray(String[]::new));
    }
  }

  private final String role = "etl-" + UUID.randomUUID();
  private final List<SensorReading> published = new ArrayList<>();
  private AwsConfig config;
  private AwsCredentialsProvider session;

  @BeforeEach
  void make() {
    config = AwsLocal.newMesh();
    AwsLocal.make(config);
    administrator().createRole(role, Policies.trust(AwsLocal.ACCOUNT));
    session =
        StaticCredentialsProvider.create(
            administrator()
                .assuming("arn:aws:iam::" + AwsLocal.ACCOUNT + ":role/" + role)
                .credentials());
    giveAll();
    try (Mesh mesh = AwsLocal.in(config, session).open()) {
      MeshClient client = mesh.client();
      client.registerDomain("plant").accounts(AwsLocal.ACCOUNT).owner("plant@example.org").commit();
      client.defineProduct(READINGS).contract(Contract.of(SensorReading.class)).commit();
      publish(client, new SensorReading(0, 20));
    }
    published.add(new SensorReading(0, 20));
  }

  @Test
  void aPublishThatLosesAPermissionAtAnyCallIsDoneOrRefusedAndCompletedByTheNextRun() {
    for (Lost lost : TestSample.oneOf(List.of(Lost.values()))) {
      int refused = 0;
      for (int first : TestSample.oneOf(FIRST_CALLS)) {
        int call = first;
        for (End end = publishLosing(lost, call);
            end != End.DONE_BEFORE;
            end = publishLosing(lost, call)) {
          refused += end == End.REFUSED ? 1 : 0;
          call += FIRST_CALLS.size();
          assertThat(call).as("a call of a publish").isLessThan(MANY);
        }
      }
      assertThat(refused).as("publishes without " + lost).isPositive();
    }
    try (Mesh mesh = AwsLocal.in(config, session).open()) {
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
      assertThat(mesh.client().publishHistory(READINGS).receipts()).hasSize(published.size());
    }
  }

  @Test
  void theDoctorReportsNoDamageOfATableWhoseFilesItsRoleMayNotRead() {
    give(Policies.policy(statement("dynamodb:*", table(config)), statement("s3:ListBucket", "*")));
    try (Mesh mesh = AwsLocal.in(config, session).open()) {
      assertThat(mesh.doctor().problems())
          .isNotEmpty()
          .allSatisfy(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.EXAMINATION_FAILED);
                assertThat(finding.what()).contains("s3:GetObject", AwsLocal.ACCOUNT + "/" + role);
                assertThat(finding.fix()).contains("Run the doctor as a role that may read");
              });
    }
  }

  private enum End {
    /** The role had all permissions until the end. */
    DONE_BEFORE,
    /** The role lost the permission, and the publish was done without it. */
    DONE,
    REFUSED
  }

  /** Publishes, loses a permission directly before a call of the registry, and publishes again. */
  private End publishLosing(Lost lost, int call) {
    SensorReading reading = new SensorReading(published.size(), 21);
    String name = lost + " before call " + call;
    Loss loss = new Loss(call, () -> give(lost.policy(config)));
    End outcome = End.DONE;
    try (Mesh mesh = AwsLocal.in(config, session).testing().wrapRegistry(loss::watching).open()) {
      publish(mesh.client(), reading);
    } catch (MeshException e) {
      outcome = End.REFUSED;
      assertThat(e).as(name).isInstanceOf(BackendException.class);
      assertThat(e.errorCode()).as(name + ": " + e).isEqualTo(ErrorCode.PERMISSION_MISSING);
      assertThat(e).hasMessageContainingAll(lost.service, AwsLocal.ACCOUNT + "/" + role);
    }
    giveAll();
    published.add(reading);
    try (Mesh mesh = AwsLocal.in(config, session).open()) {
      MeshClient client = mesh.client();
      if (outcome == End.REFUSED) {
        assertThatProduct(client, READINGS).as(name).hasRows(published.size() - 1);
      }
      publish(client, reading);
      assertThatProduct(client, READINGS).as(name).hasExactlyRows(SensorReading.class, published);
    }
    return loss.happened ? outcome : End.DONE_BEFORE;
  }

  private static void publish(MeshClient client, SensorReading reading) {
    client
        .publish(READINGS)
        .records(List.of(reading))
        .idempotencyKey("reading-" + reading.id())
        .commit();
  }

  private void giveAll() {
    give(Policies.policy(statement("dynamodb:*", table(config)), statement("s3:*", "*")));
  }

  private void give(String policy) {
    administrator().putRolePolicy(role, policy);
  }

  private static String table(AwsConfig config) {
    return "arn:aws:dynamodb:"
        + MeshNames.region(config)
        + ":"
        + MeshNames.account(config)
        + ":table/"
        + MeshNames.table(config);
  }

  private static String statement(String action, String resource) {
    return """
    {"Effect":"Allow","Action":"%s","Resource":"%s"}\
    """
        .formatted(action, resource);
  }

  private static EmulatedClients administrator() {
    return EmulatedClients.administrator(AwsLocal.emulator(), AwsLocal.ACCOUNT);
  }

  /** Takes a permission away directly before one of the calls of a registry. */
  private static final class Loss {
    private final int call;
    private final Runnable loss;
    private int calls;
    private boolean happened;

    Loss(int call, Runnable loss) {
      this.call = call;
      this.loss = loss;
    }

    synchronized void count() {
      if (++calls == call) {
        loss.run();
        happened = true;
      }
    }

    Registry watching(Registry registry) {
      return new LossyRegistry(registry, this);
    }
  }

  /** A registry whose calls are counted. */
  private record LossyRegistry(Registry registry, Loss loss) implements Registry {
    @Override
    public Optional<Document> read(Key key) {
      loss.count();
      return registry.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      loss.count();
      return registry.list(partition, sortPrefix, cursor);
    }

    @Override
    public SortedSet<String> partitions() {
      loss.count();
      return registry.partitions();
    }

    @Override
    public Outcome commit(Transaction transaction) {
      loss.count();
      return registry.commit(transaction);
    }

    @Override
    public Outcome resolve(String partition, String attemptId) {
      loss.count();
      return registry.resolve(partition, attemptId);
    }

    @Override
    public Optional<Instant> time() {
      return registry.time();
    }

    @Override
    public void close() {
      registry.close();
    }
  }
}
