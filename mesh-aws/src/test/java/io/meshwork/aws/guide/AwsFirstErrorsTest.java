package io.meshwork.aws.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.MeshNames;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** The mistakes that are made first on AWS, and the messages that name them. */
class AwsFirstErrorsTest {
  private static final String OPERATOR = "operator";

  @Test
  void aMeshThatWasNotMadeIsNamedWithItsAccountAndRegion() {
    AwsConfig config = AwsLocal.newMesh();

    assertThatThrownBy(() -> AwsLocal.in(config, AwsLocal.role(OPERATOR)).open())
        .isInstanceOf(BackendException.class)
        .hasMessageContainingAll(
            MeshNames.table(config),
            AwsLocal.ACCOUNT,
            MeshNames.region(config),
            "AwsMesh.make(config)");
  }

  @Test
  void aProcessWithoutCredentialsLearnsThatItHasNone() {
    AwsCredentialsProvider none =
        AwsCredentialsProviderChain.of(SystemPropertyCredentialsProvider.create());

    assertThatThrownBy(() -> AwsLocal.in(AwsLocal.newMesh(), none).open())
        .isInstanceOf(BackendException.class)
        .hasMessageContainingAll("found no credentials", "AWS_PROFILE");
  }

  @Test
  void aProfileThatGivesNoCredentialsIsNotToldToSetOne() {
    AwsCredentialsProvider none =
        AwsCredentialsProviderChain.of(SystemPropertyCredentialsProvider.create());

    assertThatThrownBy(() -> AwsLocal.in(AwsLocal.newMesh(), none).open())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.fix()).startsWith("No provider gave credentials; the cause"))
        .hasMessageContainingAll("If a profile is set, sign in", "allow its role to be assumed");
  }

  @Test
  void anAccountThatAwsCannotHaveIsRefused() {
    AwsConfig config = AwsLocal.newMesh();
    AwsLocal.make(config);
    AwsPolicies policies = AwsPolicies.of(config);
    Principal caller = Principal.of("22222222222", "etl");

    try (Mesh mesh = AwsLocal.in(config, AwsLocal.role(OPERATOR)).open()) {
      assertRefused(() -> mesh.client().registerDomain("hr").accounts("22222222222"));
      assertRefused(() -> mesh.client().registerDomain("hr").accounts("hr"));
    }
    assertRefused(() -> policies.registryRole(caller));
    assertRefused(() -> policies.registryTrust(caller));
    assertRefused(() -> policies.caller(caller));
    assertRefused(
        () -> policies.bucket("222222222222", AwsPolicies.TableReaders.of("hr/pay", 1, caller)));
  }

  private static void assertRefused(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("12 digits");
  }

  @Test
  void aLostBucketIsAnErrorThatNamesIt() {
    AwsConfig config = AwsLocal.newMesh();
    AwsLocal.make(config);
    String lost = "lost-" + MeshNames.meshName(config);
    S3Client s3 = EmulatedClients.administrator(AwsLocal.emulator(), AwsLocal.ACCOUNT).s3();
    s3.createBucket(bucket -> bucket.bucket(lost));
    try (Mesh mesh = AwsLocal.in(config, AwsLocal.role(OPERATOR)).open()) {
      MeshClient client = mesh.client();
      client
          .registerDomain("hr")
          .accounts(AwsLocal.ACCOUNT)
          .owner("hr@example.org")
          .location("s3://" + lost)
          .commit();
      client.defineProduct("hr/orders").contract(Contract.of(Order.class)).commit();
      client.publish("hr/orders").records(Order.range(1, 2)).commit();

      s3.listObjectsV2(list -> list.bucket(lost))
          .contents()
          .forEach(file -> s3.deleteObject(object -> object.bucket(lost).key(file.key())));
      s3.deleteBucket(bucket -> bucket.bucket(lost));

      assertThat(mesh.doctor().problems())
          .filteredOn(finding -> finding.code() == FindingCode.PLACE_NOT_LISTED)
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.severity()).isEqualTo(Severity.ERROR);
                assertThat(finding.what()).contains("the bucket '" + lost + "' does not exist");
              });
    } finally {
      s3.close();
    }
  }

  @Test
  void theLostBucketOfTheMeshIsNamed() {
    AwsConfig config = AwsLocal.newMesh();
    AwsLocal.make(config);
    try (Mesh mesh = AwsLocal.in(config, AwsLocal.role(OPERATOR)).open();
        S3Client s3 = EmulatedClients.administrator(AwsLocal.emulator(), AwsLocal.ACCOUNT).s3()) {
      AwsLocal.deleteObjects(config, "");
      s3.deleteBucket(bucket -> bucket.bucket(MeshNames.bucket(config)));

      assertThatThrownBy(mesh::doctor)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("the bucket '" + MeshNames.bucket(config) + "' does not exist");
    }
  }
}
