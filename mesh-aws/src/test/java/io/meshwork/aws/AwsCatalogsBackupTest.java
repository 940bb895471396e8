package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Backups of a mesh of several catalogs, and what is restored from them and from versions of files.
 */
class AwsCatalogsBackupTest extends CatalogsMoveFixture {
  private static final String LIMITS = "finance/limits";

  @Test
  void aBackupHasAllCatalogsAndIsRestoredToTheirAccounts() {
    AwsConfig config = stores();
    move(federated(), config).commit();
    Path backup = temporary.resolve("backup");

    LocalMesh.Copy copied = AwsMesh.backUp(config, backup, AwsLocal.role("admin"));

    assertThat(copied.damage()).isEmpty();
    Map<String, Object> before;
    try (Mesh mesh = believing(config)) {
      before = state(mesh, COMMERCE, FINANCE);
    }
    assertThat(backup.resolve("registry/commerce.db")).isRegularFile();
    assertThat(backup.resolve("registry/finance.db")).isRegularFile();
    try (Mesh mesh = LocalMesh.openExisting(backup)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
    AwsConfig restored = stores();
    MoveMesh restoration = AwsMesh.move(backup, restored, AwsLocal.role("admin"));
    assertThat(restoration.plan().findings()).as("needs no account").isEmpty();
    assertThat(restoration.commit().damage()).isEmpty();
    assertThat(TablePlace.find(ports(restored).registry(), "finance"))
        .hasValue(new TablePlace(FINANCE, restored.region(), restored.table()));
    try (Mesh mesh = believing(restored)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  @Test
  void aLostAccountIsRestoredToAnother() {
    AwsConfig config = stores();
    move(federated(), config).commit();
    Path backup = temporary.resolve("backup");
    AwsMesh.backUp(config, backup, AwsLocal.role("admin"));
    String other = "444444444444";
    AwsConfig restored = stores();
    AwsMesh.setUp(
        restored, AwsLocal.role(other, "admin"), MeshRuntime.systemClock(), AwsSetup::makeTable);
    MoveMesh restoration =
        AwsMesh.move(backup, restored, AwsLocal.role("admin")).account(FINANCE, other);

    assertThat(restoration.commit().damage()).isEmpty();

    assertThat(TablePlace.require(ports(restored).registry(), "finance").account())
        .isEqualTo(other);
    try (Mesh mesh = believing(restored)) {
      assertThat(rows(mesh.clientAs(Principal.of(other, "analyst")), ORDERS)).hasSize(30);
    }
    Path again = temporary.resolve("again");
    AwsMesh.backUp(restored, again, AwsLocal.role("admin"));
    assertThat(
            AwsMesh.move(again, stores(), AwsLocal.role("admin"))
                .catalog("finance", COMMERCE)
                .plan()
                .findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.CATALOG_ACCOUNT_TAKEN);
  }

  @Test
  void deletedFilesOfAllCatalogsAreRestored() {
    AwsConfig config = stores();
    move(federated(), config).commit();
    assertThat(AwsLocal.deleteObjects(config, "data/")).isGreaterThan(8);
    try (Mesh mesh = believing(config)) {
      assertThat(mesh.doctor().problems()).isNotEmpty();
    }

    assertThat(AwsMesh.restoreFiles(config, AwsLocal.role("admin"))).isGreaterThan(8);

    try (Mesh mesh = believing(config)) {
      assertThat(rows(mesh.clientAs(Principal.of(COMMERCE, "etl")), ORDERS)).hasSize(40);
      assertThat(rows(mesh.clientAs(Principal.of(FINANCE, "analyst")), RISKS)).hasSize(5);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  /** The process restores the bucket of its account by the registries of all accounts. */
  @Test
  void deletedFilesInTheBucketOfAnotherAccountAreRestoredThereWithTheDutyOfABackup() {
    Path folder = federatedWithPlace();
    AwsConfig config = stores();
    Principal admin = Principal.of(FINANCE, "admin");
    String root =
        AwsMesh.setUp(
            config,
            AwsLocal.role(FINANCE, "admin"),
            MeshRuntime.systemClock(),
            AwsSetup::makeBucket);
    EmulatedClients administrator = EmulatedClients.administrator(AwsLocal.emulator(), FINANCE);
    String bucket = config.bucketIn(FINANCE);
    try (S3Client s3 = administrator.s3()) {
      s3.putBucketPolicy(put -> put.bucket(bucket).policy(permittingTheMove(bucket)));
      assertThat(move(folder, config).place("mesh:/annex", root).commit().damage()).isEmpty();
      List<S3Object> files =
          s3.listObjectsV2(list -> list.bucket(bucket).prefix("data/")).contents();
      assertThat(files).isNotEmpty();
      files.forEach(file -> s3.deleteObject(delete -> delete.bucket(bucket).key(file.key())));
    }
    AwsPolicies policies = AwsPolicies.of(config);
    for (String account : List.of(AwsLocal.ACCOUNT, COMMERCE)) {
      EmulatedClients.administrator(AwsLocal.emulator(), account)
          .createRole(policies.registryRole(admin), policies.registryTrust(admin));
    }
    permit(config, admin, AwsLocal.ACCOUNT, policies.registry(AwsRoleKind.backup()));
    AwsPolicies ofCommerce = policies.catalog("commerce", COMMERCE);
    permit(config, admin, COMMERCE, ofCommerce.registry(AwsRoleKind.reader()));
    assertThatThrownBy(() -> AwsMesh.restoreFiles(config, AwsLocal.role(FINANCE, "admin")))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING))
        .hasMessageContainingAll("dynamodb:Scan", COMMERCE);
    permit(config, admin, COMMERCE, ofCommerce.registry(AwsRoleKind.backup()));

    assertThat(AwsMesh.restoreFiles(config, AwsLocal.role("admin"))).isZero();
    assertThat(AwsMesh.restoreFiles(config, AwsLocal.role(FINANCE, "admin"))).isGreaterThan(3);
    assertThat(AwsMesh.restoreFiles(config, AwsLocal.role(FINANCE, "admin"))).isZero();
    try (Mesh mesh = believing(config)) {
      assertThat(rows(mesh.clientAs(Principal.of(FINANCE, "analyst")), LIMITS)).hasSize(5);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  /** Returns a policy of a bucket that lets the account of the mesh do everything. */
  private static String permittingTheMove(String bucket) {
    return Policies.policy(
        """
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"s3:*",\
        "Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"]}"""
            .formatted(AwsLocal.ACCOUNT, bucket, bucket));
  }

  /** A mesh in which the domain finance keeps a table in a place. */
  private Path federatedWithPlace() {
    Path folder = federated();
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      MeshClient analyst = mesh.clientAs(Principal.of("finance", "analyst"));
      analyst.registerDomain("finance").location("mesh:/annex").commit();
      analyst.defineProduct(LIMITS).contract(Contract.of(SmallOrder.class)).commit();
      analyst.publish(LIMITS).records(orders(0, 5)).commit();
    }
    return folder;
  }

  @Test
  void thePlaceOfADomainMovesToItsBucketAndIsInTheBackup() {
    Path folder = federatedWithPlace();
    AwsConfig config = stores();
    assertThat(move(folder, config).plan().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.PLACE_UNMAPPED, "mesh:/annex"));
    String bucket;
    try (S3Client s3 = S3Local.client()) {
      bucket = S3Local.newBucket(s3);
    }

    assertThat(move(folder, config).place("mesh:/annex", bucket).commit().damage()).isEmpty();

    try (Mesh mesh = believing(config)) {
      assertThat(mesh.clientAs(Principal.of(FINANCE, "analyst")).read(LIMITS).files())
          .isNotEmpty()
          .allMatch(file -> file.toString().startsWith(bucket + "/data/finance/limits_v1/"));
    }
    Path backup = temporary.resolve("backup");
    assertThat(AwsMesh.backUp(config, backup, AwsLocal.role("admin")).damage()).isEmpty();
    try (Mesh mesh = LocalMesh.openExisting(backup)) {
      assertThat(rows(mesh.clientAs(Principal.of(FINANCE, "analyst")), LIMITS)).hasSize(5);
    }
  }
}
