package io.meshwork.aws.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.S3Local;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Meshes with files of other programs move and are backed up, and say which files they miss. */
class AwsMovedOnboardingTest extends AwsMoveFixture {
  private static final String CLICKS = "commerce/clicks";
  private static final Contract CLICK = Contract.of(Click.class);
  private static final List<Click> REGISTERED = List.of(new Click(1), new Click(2));
  private static final List<Click> PUBLISHED = List.of(new Click(3));

  record Click(long id) {}

  private Path file;

  /** Another program's file: it has no relation to the meshes of the test. */
  @BeforeEach
  void writeFile() throws IOException {
    file = Files.createDirectories(temporary.resolve("lake/clicks")).resolve("a.parquet");
    try (Mesh other = LocalMesh.open(temporary.resolve("other"))) {
      MeshClient program = other.clientAs(Principal.of("other", "program"));
      program.registerDomain("other").owner("other@example.org").commit();
      program.defineProduct("other/clicks").contract(CLICK).commit();
      program.publish("other/clicks").records(REGISTERED).commit();
      Files.copy(Path.of(program.read("other/clicks").files().get(0)), file);
    }
  }

  @Test
  void aMeshWithRegisteredFilesMovesAndSaysWhichItMisses() throws IOException {
    Path folder = embedded();
    try (Mesh mesh = LocalMesh.builder(folder, Map.of("lake", temporary.resolve("lake"))).open()) {
      MeshClient etl = mesh.clientAs(Principal.of("commerce", "etl"));
      etl.onboard(CLICKS).contract(CLICK).from(file.getParent()).commit();
      etl.publish(CLICKS).records(PUBLISHED).commit();
    }
    AwsConfig config = emptyStores();

    assertThat(move(folder, config).plan().findings()).satisfiesExactly(this::isAboutFile);
    LocalMesh.Copy moved = move(folder, config).commit();

    assertThat(moved.damage())
        .extracting(Finding::code, Finding::samples)
        .containsExactly(tuple(FindingCode.FILE_MISSING, List.of("root:lake/clicks/a.parquet")));
    try (Mesh mesh = believing(config)) {
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      assertThat(rows(etl)).hasSize(39);
      assertThat(etl.publishHistory(CLICKS).receipts()).hasSize(2);
      assertThatThrownBy(() -> clicks(etl))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
          .hasMessageContaining("replaceAll()");
      mesh.maintain().commit();
      etl.publish(CLICKS).records(REGISTERED).replaceAll().commit();
      assertThat(clicks(etl)).containsExactlyInAnyOrderElementsOf(REGISTERED);
    }
    try (Stream<Path> lake = Files.walk(temporary.resolve("lake"))) {
      assertThat(lake.filter(Files::isRegularFile)).containsExactly(file);
    }
  }

  @Test
  void deletedFilesOfAMovedMeshWithRegisteredFilesAreRestored() {
    Path folder = embedded();
    try (Mesh mesh = LocalMesh.builder(folder, Map.of("lake", temporary.resolve("lake"))).open()) {
      MeshClient etl = mesh.clientAs(Principal.of("commerce", "etl"));
      etl.onboard(CLICKS).contract(CLICK).from(file.getParent()).commit();
    }
    AwsConfig config = emptyStores();
    String bucket = move(folder, config).commit().root().substring("s3://".length());
    int deleted;
    try (S3Client s3 = S3Local.client()) {
      List<S3Object> objects = s3.listObjectsV2(list -> list.bucket(bucket)).contents();
      objects.stream()
          .filter(object -> object.key().startsWith("data/"))
          .forEach(object -> s3.deleteObject(delete -> delete.bucket(bucket).key(object.key())));
      deleted = (int) objects.stream().filter(object -> object.key().endsWith(".parquet")).count();
    }
    assertThat(AwsLocal.restoreFiles(config, AwsLocal.role("admin")))
        .isGreaterThan(deleted)
        .isGreaterThan(2);
    try (Mesh mesh = believing(config)) {
      assertThat(rows(mesh.clientAs(Principal.of(COMMERCE, "etl")))).hasSize(39);
    }
  }

  /**
   * Staged rows and quarantined rows go with the mesh; files of other programs stay where they are,
   * and the move and the doctor name them.
   */
  @Test
  void aMeshWithStagedQuarantinedAndRegisteredFilesMovesWithAllThree() {
    Path folder = embedded();
    List<String> stagedBefore;
    List<String> quarantinedBefore;
    try (Mesh mesh = LocalMesh.builder(folder, Map.of("lake", temporary.resolve("lake"))).open()) {
      MeshClient etl = mesh.clientAs(Principal.of("commerce", "etl"));
      etl.onboard(CLICKS).contract(CLICK).from(file.getParent()).commit();
      etl.publish(CLICKS).records(PUBLISHED).idempotencyKey("clicks").stage();
      List<CountryOrder> mixed = new ArrayList<>(orders(100, 120));
      mixed.add(new CountryOrder("worse", "FR", -2));
      etl.publish(ORDERS).records(mixed).idempotencyKey("staged").stage();
      stagedBefore = staged(etl);
      quarantinedBefore = quarantined(etl);
    }
    assertThat(stagedBefore).hasSize(2);
    assertThat(quarantinedBefore).hasSize(1);
    AwsConfig config = emptyStores();

    LocalMesh.Copy moved = move(folder, config).commit();

    assertThat(moved.damage())
        .extracting(Finding::code, Finding::samples)
        .containsExactly(tuple(FindingCode.FILE_MISSING, List.of("root:lake/clicks/a.parquet")));
    try (Mesh mesh = believing(config)) {
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      assertThat(staged(etl)).isEqualTo(stagedBefore);
      assertThat(quarantined(etl)).isEqualTo(quarantinedBefore);

      etl.stagedPublishes(ORDERS).get(0).promote().commit();
      assertThat(rows(etl)).hasSize(59);
      assertThat(quarantined(etl)).hasSize(2);
      etl.publish(ORDERS)
          .idempotencyKey("corrected")
          .republish(
              "rules LIKE '%total%'",
              row -> {
                row.put("total", "bad".equals(row.get("id")) ? 1.0 : 2.0);
                return row;
              })
          .commit();
      assertThat(rows(etl)).hasSize(61);
      assertThat(quarantined(etl)).isEmpty();
      assertThatThrownBy(() -> clicks(etl))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID));
      etl.publish(CLICKS).records(REGISTERED).replaceAll().commit();
      etl.stagedPublishes(CLICKS).get(0).promote().commit();
      assertThat(clicks(etl)).hasSize(3);
      mesh.maintain().commit();
      assertThat(mesh.doctorWithChecksums().problems())
          .extracting(Finding::code)
          .containsOnly(FindingCode.FILE_MISSING);
    }
  }

  private static List<String> staged(MeshClient client) {
    return Stream.of(ORDERS, CLICKS)
        .flatMap(product -> client.stagedPublishes(product).stream())
        .map(
            staged -> {
              try (Stream<GenericRecord> rows = staged.rows()) {
                return staged.product()
                    + " "
                    + staged.id()
                    + " "
                    + staged.idempotencyKey()
                    + " "
                    + staged.stagedAt()
                    + " "
                    + staged.rowCount()
                    + " "
                    + staged.invalidRowCount()
                    + rows.map(Object::toString).sorted().toList();
              }
            })
        .toList();
  }

  private static List<String> quarantined(MeshClient client) {
    try (Rows<GenericRecord> rows = client.quarantine(ORDERS).rows()) {
      return rows.stream().map(Object::toString).sorted().toList();
    }
  }

  private void isAboutFile(Finding finding) {
    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    assertThat(finding.code()).isEqualTo(FindingCode.FILE_MISSING);
    assertThat(finding.samples()).containsExactly("root:lake/clicks/a.parquet");
    assertThat(finding.what()).contains("1 file of other programs", "not be copied");
  }

  @Test
  void aBackupOfAMeshOnAwsNamesTheFilesThatItMissesAndReadsThemAfterItIsRestored() {
    AwsConfig config = emptyStores();
    move(embedded(), config).commit();
    String location;
    try (S3Client s3 = S3Local.client()) {
      String lake = S3Local.newBucket(s3);
      location = lake + "/clicks";
      s3.putObject(
          put -> put.bucket(lake.substring("s3://".length())).key("clicks/a.parquet"),
          RequestBody.fromFile(file));
    }
    try (Mesh mesh = believing(config)) {
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      etl.onboard(CLICKS).contract(CLICK).from(location).commit();
      assertThat(clicks(etl)).containsExactlyInAnyOrderElementsOf(REGISTERED);
    }
    Path backup = temporary.resolve("backup");

    LocalMesh.Copy copied = AwsLocal.backUp(config, backup, AwsLocal.role("admin"));

    assertThat(copied.damage())
        .extracting(Finding::code, Finding::samples)
        .containsExactly(tuple(FindingCode.FILE_MISSING, List.of(location + "/a.parquet")));
    AwsConfig restored = emptyStores();
    assertThat(AwsLocal.move(backup, restored, AwsLocal.role("admin")).commit().damage()).isEmpty();
    try (Mesh mesh = believing(restored)) {
      assertThat(clicks(mesh.clientAs(Principal.of(COMMERCE, "etl"))))
          .containsExactlyInAnyOrderElementsOf(REGISTERED);
    }
  }

  private static List<Click> clicks(MeshClient client) {
    try (var rows = client.read(CLICKS).as(Click.class).rows()) {
      return rows.stream().toList();
    }
  }
}
