package io.meshwork.internal.conformance.onboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Onboard;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registered file is the same file under each name: its rows are never registered again. */
class RenamedFilesOnDiskTest {
  private static final String TRIPS = "mobility/trips";

  /** A trip. */
  record Trip(long id, String city) {}

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @BeforeEach
  void open() throws Exception {
    folder = folder.toRealPath();
    Files.createDirectories(lake("trips"));
    Files.createDirectories(lake("archive"));
    mesh = opened(Map.of("trips", lake("trips"), "archive", lake("archive")));
    mobility().registerDomain("mobility").owner("mobility@example.org").commit();
    write("trips/a.parquet", "range(1, 4)");
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private Mesh opened(Map<String, Path> granted) {
    return LocalMesh.builder(folder.resolve("mesh"), granted).open();
  }

  private Path lake(String below) {
    return folder.resolve("lake").resolve(below);
  }

  private MeshClient mobility() {
    return mobility(mesh);
  }

  private static MeshClient mobility(Mesh mesh) {
    return mesh.clientAs(Principal.of("mobility", "etl"));
  }

  private void write(String file, String range) {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      Files.createDirectories(lake(file).getParent());
      statement.execute(
          "COPY (SELECT i::BIGINT AS id, 'Oslo' AS city FROM "
              + range
              + " t(i)) TO '"
              + lake(file)
              + "' (FORMAT parquet)");
    } catch (SQLException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Onboard trips() {
    return mobility().onboard(TRIPS).contract(Contract.of(Trip.class)).from(lake("trips"));
  }

  private Onboard refresh() {
    return mobility().onboard(TRIPS).refresh();
  }

  private List<Long> ids() {
    return ids(mesh);
  }

  private static List<Long> ids(Mesh mesh) {
    try (Rows<GenericRecord> rows = mobility(mesh).read(TRIPS).rows()) {
      return rows.stream().map(row -> (Long) row.get("id")).sorted().toList();
    }
  }

  private void registerAndErase() {
    trips().commit();
    mobility().erase(TRIPS).where("id = 1").because("asked").commit();
    assertThat(ids()).containsExactly(2L, 3L);
  }

  /** Registers all that is left, from all doors, and requires that nothing came. */
  private void assertNothingReturns(String... files) {
    assertThat(refresh().plan().files()).isEmpty();
    assertThat(refresh().plan().findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.FILE_REGISTERED_BEFORE);
              assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
              assertThat(finding.samples()).containsExactly(files);
            });
    assertThat(refresh().commit().replayed()).isTrue();
    assertThat(trips().commit().replayed()).isTrue();
    assertThat(ids()).containsExactly(2L, 3L);
  }

  @Test
  void anErasedFileThatIsRenamedStaysErased() throws Exception {
    registerAndErase();
    Files.move(lake("trips/a.parquet"), lake("trips/A1.parquet"));
    assertNothingReturns("root:trips/A1.parquet");
  }

  @Test
  void anErasedFileThatIsMovedToAFolderBelowStaysErased() throws Exception {
    registerAndErase();
    Files.createDirectories(lake("trips/old"));
    Files.move(lake("trips/a.parquet"), lake("trips/old/a.parquet"));
    assertNothingReturns("root:trips/old/a.parquet");
  }

  @Test
  void anErasedFileThatIsMovedToAnotherGrantedFolderStaysErased() throws Exception {
    registerAndErase();
    Files.move(lake("trips/a.parquet"), lake("archive/a.parquet"));
    assertThat(mobility().onboard(TRIPS).from(lake("archive")).commit().replayed()).isTrue();
    assertThat(ids()).containsExactly(2L, 3L);
    assertThat(mobility().onboard("mobility/other").from(lake("archive")).commit().rowsAccepted())
        .as("another product")
        .isEqualTo(3);
  }

  @Test
  void aLinkToOrACopyOfAnErasedFileStaysErased() throws Exception {
    registerAndErase();
    Files.createLink(lake("trips/link.parquet"), lake("trips/a.parquet"));
    Files.copy(lake("trips/a.parquet"), lake("trips/copy.parquet"));
    assertNothingReturns("root:trips/copy.parquet", "root:trips/link.parquet");
  }

  @Test
  void aFileWhoseRowsWereReplacedStaysReplacedUnderAnotherName() throws Exception {
    trips().commit();
    mobility()
        .publish(TRIPS)
        .records(List.of(new Trip(2, "Rome"), new Trip(3, "Bern")))
        .replaceAll()
        .commit();
    Files.move(lake("trips/a.parquet"), lake("trips/b.parquet"));
    assertNothingReturns("root:trips/b.parquet");
  }

  @Test
  void anErasedFileInARenamedPartitionFolderStaysErased() throws Exception {
    Files.delete(lake("trips/a.parquet"));
    write("trips/dt=2026-01-01/a.parquet", "range(1, 4)");
    mobility().onboard(TRIPS).from(lake("trips")).commit();
    mobility().erase(TRIPS).where("id = 1").because("asked").commit();
    Files.move(lake("trips/dt=2026-01-01"), lake("trips/dt=2026-01-02"));
    assertThat(refresh().commit().replayed()).isTrue();
    assertThat(ids()).containsExactly(2L, 3L);
  }

  @Test
  void equalFilesOfTwoDaysAreTwoFiles() throws Exception {
    Files.delete(lake("trips/a.parquet"));
    write("trips/dt=2026-01-01/a.parquet", "range(1, 4)");
    mobility().onboard(TRIPS).from(lake("trips")).commit();
    write("trips/dt=2026-01-02/a.parquet", "range(1, 4)");
    assertThat(refresh().plan().findings()).isEmpty();
    assertThat(refresh().commit().rowsAccepted()).isEqualTo(3);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aFileThatIsRenamedBeforeAnyChangeIsNotRegisteredTwice() throws Exception {
    trips().commit();
    Files.move(lake("trips/a.parquet"), lake("trips/b.parquet"));
    write("trips/c.parquet", "range(7, 9)");
    assertThat(refresh().plan().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(FindingCode.FILE_MISSING, "root:trips/a.parquet"),
            org.assertj.core.groups.Tuple.tuple(
                FindingCode.FILE_REGISTERED_BEFORE, "root:trips/b.parquet"));
    assertThat(refresh().commit().rowsAccepted()).isEqualTo(2);
    assertThatThrownBy(this::ids).isInstanceOf(MeshException.class);
    Files.move(lake("trips/b.parquet"), lake("trips/a.parquet"));
    assertThat(ids()).containsExactly(1L, 2L, 3L, 7L, 8L);
  }

  @Test
  void linksOfOneFileAreOneFileAndCopiesAreNamed() throws Exception {
    Files.createLink(lake("trips/link.parquet"), lake("trips/a.parquet"));
    Files.copy(lake("trips/a.parquet"), lake("trips/copy.parquet"));
    assertThat(trips().plan().findings())
        .extracting(Finding::samples)
        .containsExactly(List.of("root:trips/link.parquet"), List.of("root:trips/copy.parquet"));
    trips().commit();
    Files.createLink(lake("trips/later.parquet"), lake("trips/a.parquet"));
    refresh().commit();
    assertThat(ids()).containsExactly(1L, 1L, 2L, 2L, 3L, 3L);
  }

  @Test
  void filesWithoutRowsMayBeEqual() throws Exception {
    write("trips/e.parquet", "range(0)");
    Files.copy(lake("trips/e.parquet"), lake("trips/f.parquet"));
    assertThat(trips().plan().findings()).isEmpty();
    trips().commit();
    assertThat(ids()).containsExactly(1L, 2L, 3L);
    write("trips/e.parquet", "range(5, 6)");
    assertThat(refresh().commit().rowsAccepted()).isEqualTo(1);
  }

  @Test
  void aFolderUnderTwoNamesIsOneFolder() {
    trips().commit();
    mesh.close();
    mesh = opened(Map.of("lake", folder.resolve("lake")));
    PublishReceipt again = mobility().onboard(TRIPS).from(lake("trips")).commit();
    assertThat(again.replayed()).isTrue();
    write("trips/b.parquet", "range(7, 9)");
    assertThatThrownBy(() -> mobility().onboard(TRIPS).from(lake("trips")).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("root:trips", "data folder", "Nothing was registered.");
    mesh.close();
    mesh = opened(Map.of("trips", lake("trips")));
    refresh().commit();
    assertThat(ids()).containsExactly(1L, 2L, 3L, 7L, 8L);
  }

  @Test
  void twoProcessesThatRegisterOneFolderUnderTwoNamesAtOnceRegisterItOnce() {
    mobility().defineProduct(TRIPS).contract(Contract.of(Trip.class)).commit();
    AtomicBoolean ran = new AtomicBoolean();
    Onboard first =
        mobility()
            .onboard(TRIPS)
            .from(lake("trips"))
            .onProgress(
                (phase, done, total) -> {
                  if (phase.equals("rows") && ran.compareAndSet(false, true)) {
                    try (Mesh other = opened(Map.of("lake", folder.resolve("lake")))) {
                      mobility(other).onboard(TRIPS).from(lake("trips")).commit();
                    }
                  }
                });
    assertThatThrownBy(first::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("in the meantime");
    try (Mesh other = opened(Map.of("lake", folder.resolve("lake")))) {
      assertThat(ids(other)).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void aProofOfAnErasureNamesARenamedFileAndFoldersThatAreNotOpen() throws Exception {
    registerAndErase();
    Files.move(lake("trips/a.parquet"), lake("trips/b.parquet"));
    assertThat(outOfReach()).anyMatch(line -> line.contains("b.parquet contains the rows"));
    mesh.close();
    mesh = opened(Map.of("archive", lake("archive")));
    assertThat(outOfReach()).anyMatch(line -> line.contains("not be examined: root:trips."));
  }

  private List<String> outOfReach() {
    return mobility()
        .erase(TRIPS)
        .where("id = 1")
        .because("asked")
        .withProof()
        .commit()
        .outOfReach();
  }

  @Test
  void aRegistrationThatLacksLengthsIsReportedAsDamaged() throws Exception {
    registerAndErase();
    mesh.close();
    try (Connection registry =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("mesh/registry/mesh.db"));
        Statement statement = registry.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "UPDATE document SET json = json_remove(json, '$.lengths')"
                      + " WHERE sort LIKE 'onboarded/%'"))
          .isEqualTo(1);
    }
    mesh = opened(Map.of("trips", lake("trips"), "archive", lake("archive")));
    Files.move(lake("trips/a.parquet"), lake("trips/b.parquet"));

    assertThatThrownBy(() -> assertNothingReturns("root:trips/b.parquet"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("0 lengths");
  }
}
