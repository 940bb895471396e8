package io.meshwork.internal.conformance.maintenance;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.LESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Erase;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.GenericStatisticsFile;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Maintenance of a mesh with commits of engines from before such commits were validated. It deletes
 * no file that a snapshot references, in any spelling of the location.
 */
class OldBranchesTest {
  private static final String ORDERS = "commerce/orders";
  private static final TableName TABLE = TableName.of(ProductName.of(ORDERS), 1);
  private static final TableName RETURNS = TableName.of(ProductName.of("commerce/returns"), 1);

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));

  @TempDir private Path place;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @BeforeEach
  void fillAMesh() {
    folder = place.resolve("mesh");
    mesh = LocalMesh.builder(folder).clock(clock).testing().sleeper(clock::advance).open();
    shop().registerDomain("commerce").owner("shop@example.org").commit();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop().defineProduct("commerce/returns").contract(Contract.of(Order.class)).commit();
    publish(ORDERS, 0);
    publish("commerce/returns", 0);
  }

  @AfterEach
  void closeTheMesh() {
    mesh.close();
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private void publish(String product, long id) {
    shop().publish(product).records(Order.range(id, id + 1)).commit();
  }

  private void unchecked(TableName name, java.util.function.Consumer<Table> work) {
    UncheckedEngine.on(folder, clock, name, work);
  }

  private static List<DataFile> live(Table table) {
    return SnapshotFiles.of(table, table.currentSnapshot());
  }

  /** Returns the data file with another spelling of its location. */
  private static DataFile spelled(Table table, DataFile file, String location) {
    return DataFiles.builder(table.spec()).copy(file).withPath(location).build();
  }

  /** Returns a copy of a file of the table in the folder of an engine's job. */
  private static DataFile written(Table table, DataFile file, String folder) {
    String location = table.location() + "/data/" + folder + "/" + UUID.randomUUID() + ".parquet";
    try (var in = table.io().newInputFile(file.location()).newStream();
        var out = table.io().newOutputFile(location).create()) {
      in.transferTo(out);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return spelled(table, file, location);
  }

  /** Makes a branch of one table reference the only file of another, and returns its location. */
  private String referencedByBranch(TableName owner, TableName other) {
    List<String> location = new ArrayList<>();
    unchecked(owner, table -> location.add(live(table).get(0).location()));
    unchecked(
        other,
        table -> {
          DataFile own = live(table).get(0);
          table.manageSnapshots().createBranch("audit").commit();
          table
              .newFastAppend()
              .appendFile(spelled(table, own, location.get(0)))
              .toBranch("audit")
              .commit();
        });
    return location.get(0);
  }

  private long rows(String product) {
    try (var rows = shop().read(product).as(Order.class).rows()) {
      return rows.stream().count();
    }
  }

  private void ageFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-11-20T08:00:00Z")));
      }
    }
  }

  /** Runs maintenance for twelve days, with a publish on each day. */
  private void maintainForDays() throws IOException {
    ageFiles();
    for (int day = 1; day <= 12; day++) {
      clock.advance(Duration.ofDays(1).plusMinutes(1));
      publish("commerce/returns", day);
      mesh.maintain().compactAtLeast(1_000).expectLeftovers(1L << 30).commit();
    }
  }

  @Test
  void aReferencedFileStaysForEverySpellingOfItsLocation() throws IOException {
    List<String> spellings =
        List.of(
            "mesh:/data/commerce/orders_v1/data//job/",
            "mesh:/data/commerce/orders_v1/data/./job/",
            "mesh:/data/commerce/../commerce/orders_v1/data/job/",
            folder + "/data/commerce/orders_v1/data/job/",
            "file:" + folder + "/data/commerce/orders_v1/data/job/",
            "file://" + folder + "/data/commerce/orders_v1/data//job/",
            place + "/linked/data/commerce/orders_v1/data/job/",
            "mesh:/data/commerce/ORDERS_V1/data/j%6Fb/");
    Files.createSymbolicLink(place.resolve("linked"), folder);
    unchecked(
        TABLE,
        table -> {
          table.manageSnapshots().createBranch("audit").commit();
          for (String spelling : spellings) {
            DataFile file = written(table, live(table).get(0), "job");
            String name = file.location().substring(file.location().lastIndexOf('/') + 1);
            table
                .newFastAppend()
                .appendFile(spelled(table, file, spelling + name))
                .toBranch("audit")
                .commit();
          }
        });

    maintainForDays();

    try (Stream<Path> job = Files.list(folder.resolve("data/commerce/orders_v1/data/job"))) {
      assertThat(job).hasSize(spellings.size());
    }
    assertThat(rows(ORDERS)).isEqualTo(1);
  }

  @Test
  void droppingABranchKeepsFilesOfMain() throws IOException {
    unchecked(
        TABLE,
        table -> {
          DataFile own = live(table).get(0);
          table.manageSnapshots().createBranch("audit").commit();
          table
              .newFastAppend()
              .appendFile(spelled(table, own, own.location().replace("/data/0", "/data//0")))
              .toBranch("audit")
              .commit();
          table.manageSnapshots().removeBranch("audit").commit();
        });

    maintainForDays();

    assertThat(rows(ORDERS)).isEqualTo(1);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aFileReferencedByABranchOfAnotherTableStays() throws IOException {
    String location = referencedByBranch(RETURNS, TABLE);
    shop().publish("commerce/returns").records(Order.range(5, 6)).replaceAll().commit();

    maintainForDays();

    assertThat(folder.resolve(location.substring("mesh:/".length()))).exists();
  }

  @Test
  void anErasureKeepsAndNamesAFileThatABranchOfAnotherTableReferences() {
    String location = referencedByBranch(TABLE, RETURNS);

    Erase.Proof proof =
        shop().erase(ORDERS).where("id = 0").because("They asked.").withProof().commit();

    assertThat(folder.resolve(location.substring("mesh:/".length()))).exists();
    assertThat(proof.outOfReach())
        .anyMatch(sentence -> sentence.contains(location) && sentence.contains("another table"));
  }

  @Test
  void aPurgeKeepsAFileThatABranchOfAnotherTableReferences() {
    shop()
        .startRollout(ORDERS)
        .contract(LESS)
        .because("Customers are elsewhere")
        .commit()
        .backFill()
        .commit();
    List<String> location = new ArrayList<>();
    unchecked(
        TableName.of(TABLE.product(), 2), table -> location.add(live(table).get(0).location()));
    unchecked(
        RETURNS,
        table -> {
          DataFile own = live(table).get(0);
          table.manageSnapshots().createBranch("audit").commit();
          table
              .newFastAppend()
              .appendFile(spelled(table, own, location.get(0)))
              .toBranch("audit")
              .commit();
        });
    shop().rollout(ORDERS).abort().because("Not now").commit();
    clock.advance(Duration.ofDays(30));

    shop().rollout(ORDERS).purge().because("Not now").commit();

    Path file = folder.resolve(location.get(0).substring("mesh:/".length()));
    assertThat(file).exists();
    assertThat(file.resolveSibling("../metadata")).isEmptyDirectory();
    mesh.maintain().commit();
    assertThat(file).exists();
  }

  @Test
  void aFileOutsideTheMeshStopsNoOperationAndIsNeverDeleted() throws IOException {
    Path outside = place.resolve("outside.parquet");
    Files.write(outside, new byte[] {1, 2, 3});
    unchecked(
        TABLE,
        table -> {
          DataFile own = live(table).get(0);
          table.manageSnapshots().createBranch("audit").commit();
          table
              .newFastAppend()
              .appendFile(spelled(table, own, outside.toString()))
              .toBranch("audit")
              .commit();
          table
              .updateStatistics()
              .setStatistics(
                  new GenericStatisticsFile(
                      table.currentSnapshot().snapshotId(),
                      place + "/outside.stats",
                      3,
                      1,
                      List.of()))
              .commit();
        });

    List<Finding> found = mesh.doctor().problems();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).code()).isEqualTo(FindingCode.FILE_OUTSIDE_TABLE);
    assertThat(found.get(0).where()).isEqualTo("commerce.orders_v1");
    assertThat(found.get(0).what())
        .contains("2 files", "'audit'")
        .doesNotContain("outside.parquet");
    assertThat(mesh.repair().plan().findings())
        .extracting(Finding::code)
        .contains(FindingCode.FILE_OUTSIDE_TABLE);
    LocalMesh.Copy backup = LocalMesh.backUp(folder, place.resolve("backup"));
    assertThat(backup.damage()).isEmpty();
    for (int i = 1; i < 6; i++) {
      publish(ORDERS, i);
    }
    clock.advance(Duration.ofHours(25));
    Maintain.Report done = mesh.maintain().commit();
    assertThat(done.remaining()).isEmpty();
    assertThat(done.total(Work.FILES_COMPACTED)).isEqualTo(6);

    unchecked(TABLE, table -> table.manageSnapshots().removeBranch("audit").commit());
    maintainForDays();

    assertThat(outside).exists();
    assertThat(mesh.doctor().problems()).isEmpty();
    assertThat(rows(ORDERS)).isEqualTo(6);
  }

  @Test
  void aFileReferencedTwiceIsReportedAndStopsNoOtherTask() throws IOException {
    for (int i = 1; i < 8; i++) {
      publish("commerce/returns", i);
      publish(ORDERS, i);
    }
    String before = shop().describe(ORDERS).current().orElseThrow().id();
    unchecked(TABLE, table -> table.newFastAppend().appendFile(live(table).get(0).copy()).commit());
    assertThat(rows(ORDERS)).isEqualTo(9);

    assertThat(mesh.doctor().problems())
        .extracting(Finding::code)
        .containsExactly(FindingCode.FILE_REFERENCED_TWICE, FindingCode.INDEX_DIFFERS);
    Maintain.Report done = mesh.maintain().compactAtLeast(2).commit();
    assertThat(done.remaining())
        .extracting(Finding::code)
        .containsExactly(FindingCode.FILE_REFERENCED_TWICE);
    assertThat(done.total(Work.FILES_COMPACTED)).as("files of the other table").isEqualTo(8);

    shop().rollBack(ORDERS).to(before).because("a file is in it twice").commit();

    assertThat(rows(ORDERS)).isEqualTo(8);
    assertThat(mesh.doctor().problems()).isEmpty();
    assertThat(mesh.maintain().compactAtLeast(2).commit().remaining()).isEmpty();
    assertThat(rows(ORDERS)).isEqualTo(8);
  }

  @Test
  void stagedSnapshotsOfEnginesStayForAWeek() {
    List<Long> staged = new java.util.ArrayList<>();
    unchecked(
        TABLE,
        table -> {
          table
              .newFastAppend()
              .appendFile(written(table, live(table).get(0), "job"))
              .stageOnly()
              .commit();
          table.snapshots().forEach(snapshot -> staged.add(snapshot.snapshotId()));
        });
    publish(ORDERS, 1);

    clock.advance(Duration.ofDays(6));
    mesh.maintain().commit();
    unchecked(TABLE, table -> assertThat(table.snapshot(staged.get(1))).isNotNull());

    clock.advance(Duration.ofDays(2));
    mesh.maintain().commit();
    unchecked(TABLE, table -> assertThat(table.snapshot(staged.get(1))).isNull());
    assertThat(mesh.doctor().problems()).isEmpty();
  }
}
