package io.meshwork.aws;

import static io.meshwork.testkit.MeshAssertions.assertThatProduct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.aws.internal.s3.S3Location;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.SensorReading;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** A mesh as roles whose policies IAM enforces. */
class AwsDenialsTest {
  private static final String READINGS = "plant/readings";

  private final String suffix = "-" + UUID.randomUUID();
  private final String reader = "reader" + suffix;
  private AwsConfig config;
  private String table;
  private String objects;

  @BeforeEach
  void make() {
    config = AwsLocal.newMesh();
    AwsLocal.make(config);
    table =
        "arn:aws:dynamodb:" + config.region() + ":" + config.account() + ":table/" + config.table();
    objects = "arn:aws:s3:::" + config.bucket() + "/*";
    try (Mesh mesh = etl()) {
      MeshClient client = mesh.client();
      client.registerDomain("plant").accounts(AwsLocal.ACCOUNT).owner("plant@example.org").commit();
      client.defineProduct(READINGS).contract(Contract.of(SensorReading.class)).commit();
      publish(mesh, 1);
    }
    administrator().createRole(reader, Policies.trust(AwsLocal.ACCOUNT));
  }

  @Test
  void aReaderWithoutListBucketFollowsATableWhoseMetadataWasDeleted() {
    allow(statement("dynamodb:*", table), statement("s3:GetObject", objects));
    Document old;
    try (Mesh mesh = etl()) {
      old = pointer();
      publish(mesh, 2);
    }
    delete(old);

    StalePointer stale = new StalePointer(old);
    try (Mesh mesh = asReader().testing().wrapRegistry(stale::over).open()) {
      assertThatProduct(mesh.client(), READINGS).hasRows(2);
    }
    assertThat(stale.returned).isTrue();
  }

  @Test
  void aReaderWithoutListBucketIsNotShownADamagedTable() {
    allow(statement("dynamodb:*", table), statement("s3:GetObject", objects));
    delete(pointer());

    try (Mesh mesh = asReader().open()) {
      assertMissing(() -> mesh.client().read(READINGS).as(SensorReading.class).rows())
          .hasMessageContainingAll("s3:ListBucket", "arn:aws:s3:::" + config.bucket());
    }
  }

  @Test
  void aMissingPermissionOfS3IsNamedWithResourcePrincipalAndPolicy() {
    allow(statement("dynamodb:*", table), statement("s3:GetObject", "arn:aws:s3:::other/*"));

    try (Mesh mesh = asReader().open()) {
      assertMissing(() -> mesh.client().read(READINGS).as(SensorReading.class).rows())
          .hasMessageContainingAll(
              "s3:GetObject",
              "arn:aws:s3:::" + config.bucket() + "/data/",
              AwsLocal.ACCOUNT + "/" + reader,
              "no identity-based policy allows it")
          .hasMessageNotContaining("User:");
    }
  }

  @Test
  void aMissingPermissionOfDynamoDbIsNamedWithResourcePrincipalAndPolicy() {
    allow(
        statement("dynamodb:GetItem", table),
        statement("dynamodb:Query", table),
        statement("s3:*", "*"));

    try (Mesh mesh = asReader().open()) {
      assertMissing(() -> publish(mesh, 2))
          .hasMessageContainingAll(
              "dynamodb:PutItem",
              table,
              AwsLocal.ACCOUNT + "/" + reader,
              "no identity-based policy allows it",
              "Nothing was committed");
    }
    try (Mesh mesh = etl()) {
      assertThatProduct(mesh.client(), READINGS).hasRows(1);
    }
  }

  @Test
  void maintenanceNamesThePermissionWithoutWhichFilesStay() {
    try (Mesh mesh = etl()) {
      publish(mesh, 2);
    }
    allow(
        statement("dynamodb:*", table),
        statement("s3:GetObject", objects),
        statement("s3:PutObject", objects),
        statement("s3:ListBucket", "arn:aws:s3:::" + config.bucket()));

    Instant later = Instant.now().plus(Duration.ofDays(40));
    try (Mesh mesh =
        asReader().testing().wrapRegistry(WithoutTime::new).clock(() -> later).open()) {
      assertThat(mesh.maintain().trustClock().commit().remaining())
          .filteredOn(finding -> finding.code() == FindingCode.FILES_NOT_DELETED)
          .isNotEmpty()
          .allSatisfy(
              finding ->
                  assertThat(finding.toString())
                      .contains(
                          "s3:DeleteObject",
                          "arn:aws:s3:::" + config.bucket() + "/data/",
                          AwsLocal.ACCOUNT + "/" + reader,
                          "no identity-based policy allows it"));
    }
  }

  @Test
  void aRoleThatMayNotBeAssumedIsNamedWithTheCaller() {
    allow(statement("dynamodb:*", table), statement("s3:*", "*"));
    String steward = "steward" + suffix;
    administrator().createRole(steward, Policies.trust("222222222222"));

    try (Mesh mesh = asReader().open()) {
      assertThatThrownBy(() -> mesh.clientAs(Principal.of(AwsLocal.ACCOUNT, steward)))
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_THIS_PRINCIPAL))
          .hasMessageContainingAll(
              AwsLocal.ACCOUNT + "/" + reader,
              "sts:AssumeRole",
              "arn:aws:iam::" + AwsLocal.ACCOUNT + ":role/" + steward);
    }
  }

  private Mesh etl() {
    return AwsMesh.builder(config, AwsLocal.role("plant-etl")).open();
  }

  private Mesh.Builder asReader() {
    EmulatedClients session =
        administrator().assuming("arn:aws:iam::" + AwsLocal.ACCOUNT + ":role/" + reader);
    return AwsMesh.builder(config, StaticCredentialsProvider.create(session.credentials()));
  }

  private static void publish(Mesh mesh, long id) {
    mesh.client()
        .publish(READINGS)
        .records(List.of(new SensorReading(id, 20)))
        .idempotencyKey("reading-" + id)
        .commit();
  }

  private Document pointer() {
    try (AwsClients clients = new AwsClients(config)) {
      return DynamoRegistry.over(clients.dynamoDb(AwsLocal.role("admin")), config.table())
          .read(new Key("plant/readings", "table/readings_v1"))
          .orElseThrow();
    }
  }

  /** Deletes the metadata file of a pointer, as a commit does. */
  private void delete(Document pointer) {
    String text = pointer.json();
    int start = text.indexOf("s3://", text.indexOf("\"metadataLocation\""));
    S3Location file = S3Location.parse(text.substring(start, text.indexOf('"', start)));
    try (S3Client s3 = administrator().s3()) {
      s3.deleteObject(request -> request.bucket(file.bucket()).key(file.key()));
    }
  }

  private void allow(String... statements) {
    administrator().putRolePolicy(reader, Policies.policy(statements));
  }

  private static String statement(String action, String resource) {
    return """
        {"Effect":"Allow","Action":"%s","Resource":"%s"}"""
        .formatted(action, resource);
  }

  private static EmulatedClients administrator() {
    return EmulatedClients.administrator(AwsLocal.emulator(), AwsLocal.ACCOUNT);
  }

  private static AbstractThrowableAssert<?, ?> assertMissing(ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING);
              assertThat(e.retryable()).isFalse();
            });
  }

  /** Returns an old document once, as a read directly before a commit. */
  private static final class StalePointer {
    private final Document old;
    private boolean returned;

    StalePointer(Document old) {
      this.old = old;
    }

    Registry over(Registry real) {
      return (Registry)
          Proxy.newProxyInstance(
              Registry.class.getClassLoader(),
              new Class<?>[] {Registry.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("read")
                    && arguments[0].equals(old.key())
                    && !returned) {
                  returned = true;
                  return Optional.of(old);
                }
                try {
                  return method.invoke(real, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }
}
