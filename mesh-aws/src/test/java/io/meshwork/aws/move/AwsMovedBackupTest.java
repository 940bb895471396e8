package io.meshwork.aws.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What is restored of a mesh that moved to AWS: from backups, and from versions of its files. */
class AwsMovedBackupTest extends AwsMoveFixture {
  @Test
  void aBackupIsAMeshThatIsRestoredAfterItsTableAndBucketWereLost() {
    Path folder = embedded();
    AwsConfig config = emptyStores();
    move(folder, config).commit();
    Path backup = temporary.resolve("backup");

    LocalMesh.Copy copied = AwsLocal.backUp(config, backup, AwsLocal.role("admin"));

    assertThat(copied.damage()).isEmpty();
    Map<String, Object> before;
    try (Mesh mesh = believing(config)) {
      before = state(mesh, COMMERCE, FINANCE);
    }
    try (Mesh mesh = LocalMesh.openExisting(backup)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
    }
    AwsConfig restored = emptyStores();
    assertThat(AwsLocal.move(backup, restored, AwsLocal.role("admin")).commit().damage()).isEmpty();
    try (Mesh mesh = believing(restored)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
    }
  }

  @Test
  void aLostTableIsRestoredFromABackupBesideItsFiles() {
    Path folder = embedded();
    AwsConfig config = emptyStores();
    move(folder, config).commit();
    Path backup = temporary.resolve("backup");
    AwsLocal.backUp(config, backup, AwsLocal.role("admin"));
    Map<String, Object> before;
    try (Mesh mesh = believing(config)) {
      before = state(mesh, COMMERCE, FINANCE);
    }
    AwsLocal.deleteTable(config);

    assertThat(AwsLocal.move(backup, config, AwsLocal.role("admin")).commit().damage()).isEmpty();

    try (Mesh mesh = believing(config)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
    }
  }

  @Test
  void filesThatWereDeletedByMistakeAreRestoredFromTheirVersions() {
    AwsConfig config = emptyStores();
    move(embedded(), config).commit();
    assertThat(AwsLocal.deleteObjects(config, "data/commerce/orders_v1/")).isGreaterThan(4);
    try (Mesh mesh = believing(config)) {
      assertThat(mesh.doctor().problems()).isNotEmpty();
    }

    assertThat(AwsLocal.restoreFiles(config, AwsLocal.role("admin"))).isGreaterThan(4);

    try (Mesh mesh = believing(config)) {
      assertThat(rows(mesh.clientAs(Principal.of(COMMERCE, "etl")))).hasSize(39);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
    assertThat(AwsLocal.restoreFiles(config, AwsLocal.role("admin"))).isZero();
  }

  @Test
  void filesThatWereDeletedSeveralTimesAreRestored() {
    AwsConfig config = emptyStores();
    move(embedded(), config).commit();
    int deleted = AwsLocal.deleteObjects(config, "data/commerce/orders_v1/", 3);

    assertThat(AwsLocal.restoreFiles(config, AwsLocal.role("admin"))).isBetween(5L, (long) deleted);

    try (Mesh mesh = believing(config)) {
      assertThat(rows(mesh.clientAs(Principal.of(COMMERCE, "etl")))).hasSize(39);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  @Test
  void aFileWithoutAVersionIsNotCountedAsRestored() {
    AwsConfig config = emptyStores();
    move(embedded(), config).commit();
    assertThat(AwsLocal.deleteObjects(config, "data/commerce/orders_v1/data/")).isPositive();
    assertThat(AwsLocal.deleteVersions(config, "data/commerce/orders_v1/data/")).isPositive();

    assertThat(AwsLocal.restoreFiles(config, AwsLocal.role("admin"))).isZero();
  }

  @Test
  void theFilesOfAStagedPublishAreRestoredToo() {
    AwsConfig config = emptyStores();
    move(embedded(), config).commit();
    try (Mesh mesh = believing(config)) {
      mesh.clientAs(Principal.of(COMMERCE, "etl"))
          .publish(ORDERS)
          .records(orders(100, 102))
          .idempotencyKey("staged")
          .stage();
    }
    assertThat(AwsLocal.deleteObjects(config, "data/commerce/")).isPositive();

    assertThat(AwsLocal.restoreFiles(config, AwsLocal.role("admin"))).isPositive();

    try (Mesh mesh = believing(config)) {
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      etl.stagedPublishes(ORDERS).get(0).promote().commit();
      assertThat(rows(etl)).hasSize(41);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  @Test
  void aTableThatWasSetBackHasTheFilesOfThatTimeAgain() {
    AwsConfig config = emptyStores();
    move(embedded(), config).commit();
    List<Map<String, AttributeValue>> items = AwsLocal.items(config);
    try (Mesh mesh = believing(config)) {
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      for (int day = 0; day < 24; day++) {
        etl.publish(ORDERS).records(orders(100 + day, 101 + day)).commit();
      }
    }
    AwsLocal.deleteTable(config);
    AwsLocal.restoreTable(config, items);
    try (Mesh mesh = believing(config)) {
      assertThat(mesh.doctor().problems())
          .extracting(Finding::code)
          .contains(FindingCode.METADATA_MISSING);
    }

    assertThat(AwsLocal.restoreFiles(config, AwsLocal.role("admin"))).isPositive();

    try (Mesh mesh = believing(config)) {
      assertThat(rows(mesh.clientAs(Principal.of(COMMERCE, "etl")))).hasSize(39);
      assertThat(mesh.doctor().problems())
          .extracting(Finding::code)
          .as("metadata of later commits remains")
          .containsOnly(FindingCode.REGISTRY_BEHIND);
    }
  }
}
