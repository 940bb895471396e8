package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maintenance and backups of a mesh in which a folder is a link to another disk. */
class LinkedFoldersTest {
  private static final String ORDERS = "commerce/orders";

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));

  @TempDir private Path place;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @BeforeEach
  void fillAMesh() {
    folder = place.resolve("mesh");
    mesh = open();
    shop().registerDomain("commerce").owner("shop@example.org").commit();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop().publish(ORDERS).records(Order.range(0, 3)).commit();
  }

  @AfterEach
  void closeTheMesh() {
    mesh.close();
  }

  private Mesh open() {
    return LocalMesh.builder(folder).clock(clock).testing().sleeper(clock::advance).open();
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private static long rows(Mesh mesh) {
    MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
    try (var rows = shop.read(ORDERS).as(Order.class).rows()) {
      return rows.stream().count();
    }
  }

  /** Moves a folder of the mesh, and creates a link to it. */
  private Path moveAway(String part) throws IOException {
    mesh.close();
    Path elsewhere = place.resolve("disk2");
    Files.move(folder.resolve(part), elsewhere);
    Files.createSymbolicLink(folder.resolve(part), elsewhere);
    mesh = open();
    return elsewhere;
  }

  private List<Path> dataFiles() throws IOException {
    try (Stream<Path> files =
        Files.walk(folder.resolve("data/commerce/orders_v1/data").toRealPath())) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "data/commerce", "data/commerce/orders_v1"})
  void backupAndMaintenanceFollowALinkedFolder(String part) throws IOException {
    moveAway(part);
    shop().publish(ORDERS).records(Order.range(3, 6)).commit();
    Path written = dataFiles().get(0);
    String publish = written.getFileName().toString().substring(0, 36);
    Path left = written.resolveSibling(publish + "-9.parquet");
    Files.write(left, new byte[] {1, 2, 3});
    clock.advance(Duration.ofHours(25));

    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.LEFTOVER_FILES);
    assertThat(mesh.maintain().commit().total(Work.FILES_REMOVED)).isGreaterThanOrEqualTo(1);
    assertThat(left).doesNotExist();
    assertThat(mesh.doctor().findings()).isEmpty();
    assertThat(rows(mesh)).isEqualTo(6);

    LocalMesh.Copy backup = LocalMesh.backUp(folder, place.resolve("backup"));

    assertThat(backup.damage()).isEmpty();
    try (Mesh copy = LocalMesh.openExisting(place.resolve("backup"))) {
      assertThat(rows(copy)).isEqualTo(6);
    }
  }

  private void moveWithinTheMeshAndLink(String domain) throws IOException {
    mesh.close();
    Path moved = Files.createDirectories(folder.resolve("attic")).resolve(domain);
    Files.move(folder.resolve("data").resolve(domain), moved);
    Files.createSymbolicLink(folder.resolve("data").resolve(domain), moved);
    mesh = open();
  }

  @Test
  void theDoctorNamesAFolderThatWasMovedWithinTheMeshAndLinked() throws IOException {
    moveWithinTheMeshAndLink("commerce");
    clock.advance(Duration.ofDays(30));

    mesh.maintain().commit();

    assertThat(rows(mesh)).isEqualTo(3);
    assertNamedAsLinked("commerce");
  }

  @Test
  void theDoctorNamesALinkedFolderWithoutRowsToo() throws IOException {
    MeshClient finance = mesh.clientAs(Principal.of("finance", "etl"));
    finance.registerDomain("finance").owner("finance@example.org").commit();
    finance.defineProduct("finance/bills").contract(Contract.of(Order.class)).commit();

    moveWithinTheMeshAndLink("finance");

    assertNamedAsLinked("finance");
  }

  private void assertNamedAsLinked(String domain) {
    assertThat(mesh.doctor().findings())
        .isNotEmpty()
        .allSatisfy(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.FOLDER_LINKED);
              assertThat(finding.what())
                  .contains("is behind a link to mesh:/attic/" + domain + "/");
            });
  }

  @Test
  void aLinkBackIntoTheMeshListsNoFileTwice() throws IOException {
    Files.createSymbolicLink(folder.resolve("data/loop"), folder.resolve("data"));
    Files.createSymbolicLink(
        folder.resolve("data/commerce/orders_v2"), folder.resolve("data/commerce/orders_v1"));
    clock.advance(Duration.ofDays(30));

    mesh.maintain().commit();

    assertThat(rows(mesh)).isEqualTo(3);
    assertThat(mesh.doctor().findings()).isEmpty();
    LocalMesh.Copy backup = LocalMesh.backUp(folder, place.resolve("backup"));
    assertThat(backup.damage()).isEmpty();
    assertThat(place.resolve("backup/data/loop")).doesNotExist();
  }

  @Test
  void aBrokenLinkIsNotAnEmptyMesh() throws IOException {
    Path elsewhere = moveAway("data");
    Files.move(elsewhere, place.resolve("gone"));

    assertThatThrownBy(() -> LocalMesh.backUp(folder, place.resolve("backup")))
        .isInstanceOf(BackendException.class);
    assertThatThrownBy(() -> mesh.maintain().commit()).isInstanceOf(BackendException.class);

    Files.move(place.resolve("gone"), elsewhere);
    assertThat(rows(mesh)).isEqualTo(3);
  }

  @Test
  void aBackupIntoTheMeshThroughALinkIsRejected() throws IOException {
    Files.createSymbolicLink(place.resolve("linked"), folder);
    Path elsewhere = moveAway("data");

    for (Path inside : List.of(place.resolve("linked/backup"), elsewhere.resolve("backup"))) {
      assertThatThrownBy(() -> LocalMesh.backUp(folder, inside))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("is inside the mesh");
      assertThat(inside).doesNotExist();
    }
  }

  @Test
  void aBackupCopiesReadOnlyFilesAndFileTimes() throws IOException {
    Path file = dataFiles().get(0);
    assumeTrue(file.toFile().setWritable(false));
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));

    LocalMesh.Copy backup = LocalMesh.backUp(folder, place.resolve("backup"));

    Path copy = place.resolve("backup").resolve(folder.relativize(file));
    assertThat(backup.damage()).isEmpty();
    assertThat(Files.getLastModifiedTime(copy).toInstant()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(copy).isWritable();
  }

  @Test
  void onlyUnfinishedFilesAreLeftOutOfABackup() throws IOException {
    Path file = dataFiles().get(0);
    Files.write(file.resolveSibling("of-an-engine.tmp"), new byte[] {1});
    Files.write(file.resolveSibling(".unknown-writer.parquet.tmp"), new byte[] {1});

    LocalMesh.backUp(folder, place.resolve("backup"));

    Path copied = place.resolve("backup").resolve(folder.relativize(file)).getParent();
    assertThat(copied.resolve("of-an-engine.tmp")).exists();
    assertThat(copied.resolve(".unknown-writer.parquet.tmp")).doesNotExist();
  }
}
