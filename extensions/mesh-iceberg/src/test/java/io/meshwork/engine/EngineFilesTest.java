package io.meshwork.engine;

import static io.meshwork.engine.EngineFixture.PRODUCT;
import static io.meshwork.engine.EngineFixture.TABLE;
import static io.meshwork.engine.EngineFixture.row;
import static io.meshwork.engine.EngineFixture.trip;
import static io.meshwork.engine.EngineFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.consume.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.GenericStatisticsFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestWriter;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files an engine may bring along, whatever branch it commits to or none. */
class EngineFilesTest {
  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // opened before each test
  private EngineFixture fixture;

  @SuppressWarnings("NullAway.Init") // opened before each test
  private MeshCatalog catalog;

  @SuppressWarnings("NullAway.Init") // opened before each test
  private Table table;

  @BeforeEach
  void open() {
    fixture = new EngineFixture(folder.resolve("mesh"));
    catalog = fixture.catalog("mobility/spark");
    fixture.owner.publish(PRODUCT).records(List.of(trip(1, 1.0, "a"))).commit();
    table = catalog.loadTable(TABLE);
    table.manageSnapshots().createBranch("audit").commit();
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
    fixture.close();
  }

  private static List<String> vetoed(ThrowingCallable commit) {
    CommitVetoedException veto = catchThrowableOfType(CommitVetoedException.class, commit);
    assertThat(veto).as("the veto").isNotNull();
    assertThat(veto).hasMessageContaining("Nothing was committed");
    return veto.reasons();
  }

  private DataFile named(DataFile file, String location) {
    return DataFiles.builder(table.spec()).copy(file).withPath(location).build();
  }

  /** The same refusal on main, on a branch, and for a snapshot that is only staged. */
  private void vetoedEverywhere(DataFile file, String reason) {
    List<String> snapshots = snapshots();
    assertThat(vetoed(() -> table.newAppend().appendFile(file).commit())).containsExactly(reason);
    assertThat(vetoed(() -> table.newAppend().appendFile(file).toBranch("audit").commit()))
        .containsExactly(reason);
    assertThat(vetoed(() -> table.newFastAppend().appendFile(file).stageOnly().commit()))
        .containsExactly(reason);
    table.refresh();
    assertThat(snapshots()).isEqualTo(snapshots);
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  private List<String> snapshots() {
    return java.util.stream.StreamSupport.stream(table.snapshots().spliterator(), false)
        .map(snapshot -> Long.toString(snapshot.snapshotId()))
        .toList();
  }

  @Test
  void anEngineReadsAndWritesInThePlaceOfADomain() {
    String product = "mobility/blue-trips";
    fixture.owner.registerDomain("mobility").location("mesh:/garage").commit();
    fixture.owner.defineProduct(product).contract(EngineFixture.COLUMNS).commit();
    fixture.owner.publish(product).records(List.of(trip(1, 1.0, "a"))).commit();
    Table placed = catalog.loadTable(TableIdentifier.of("mobility", "blue_trips_v1"));

    DataFile file = write(placed, row(7L, 2.0, "b"));
    placed.newAppend().appendFile(file).commit();

    assertThat(file.location()).startsWith("mesh:/garage/data/mobility/blue_trips_v1/data/");
    try (Rows<Map<String, Object>> rows = fixture.owner.read(product).asMaps().rows()) {
      assertThat(rows.stream().map(each -> each.get("id"))).containsExactlyInAnyOrder(1L, 7L);
    }
    DataFile elsewhere = named(file, "mesh:/data/mobility/blue_trips_v1/data/elsewhere.parquet");
    assertThat(vetoed(() -> placed.newAppend().appendFile(elsewhere).commit()))
        .singleElement()
        .asString()
        .contains("1 files");
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mesh:/data/mobility/green_trips_v1/data//job/x.parquet",
        "mesh:/data/mobility/green_trips_v1/data/./x.parquet",
        "mesh:/data/mobility/green_trips_v1/data/job/../x.parquet",
        "mesh:/data/mobility/green_trips_v1/data/%6Aob/x.parquet",
        "mesh:/data/mobility/green_trips_v1/data/a%2fb/x.parquet",
        "mesh:/data/mobility/green_trips_v1/data/100%/x.parquet",
        "mesh:/data/mobility/green_trips_v1/data/job\\x.parquet",
        "mesh:/data/mobility/green_trips_v1/data/e\u0301.parquet",
        "mesh:/data/mobility/green_trips_v1/data/.x.parquet.tmp",
        "mesh:/data/mobility/GREEN_trips_v1/data/x.parquet",
        "mesh://data/mobility/green_trips_v1/data/x.parquet",
      })
  void aLocationThatIsNotCanonicalIsVetoedOnEveryRef(String location) {
    vetoedEverywhere(
        named(write(table, row(2L)), location), "1 files under a location that is not canonical");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mesh:/data/mobility/other_v1/data/x.parquet",
        "mesh:/data/mobility/green_trips_v1/data/../../other_v1/data/x.parquet",
        "mesh:/data/mobility/green_trips_v1/metadata/x.parquet",
        "mesh:/data/mobility/green_trips_v1/x.parquet",
        "/elsewhere/x.parquet",
        "file:///elsewhere/x.parquet",
        "s3://elsewhere/data/mobility/green_trips_v1/data/x.parquet",
      })
  void aFileOutsideOfTheTablesFolderIsVetoedOnEveryRef(String location) {
    vetoedEverywhere(named(write(table, row(2L)), location), "1 files outside the table's folder");
  }

  @Test
  void theFoldersOfPartitionsAreCanonicalAsIcebergSpellsThem() {
    DataFile file = write(table, table.location() + "/data/code=a%2Fb+%C3%A5/x.parquet", row(2L));

    table.newAppend().appendFile(file).commit();

    assertThat(fixture.ids()).containsExactly(1L, 2L);
    assertThat(fixture.mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aFileBehindALinkIsVetoed() throws IOException {
    Path data = fixture.folder.resolve("data/mobility/green_trips_v1/data");
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(data.resolve("job"), elsewhere);
    DataFile file = write(table, table.location() + "/data/job/x.parquet", row(2L));

    vetoedEverywhere(file, "1 files behind a link");
  }

  @Test
  void aFileThatIsInTheTableAlreadyIsVetoed() {
    DataFile file = write(table, row(2L));
    table.newAppend().appendFile(file).commit();
    table.manageSnapshots().createBranch("later").commit();

    String reason = "1 files that are already in the table, or twice in the commit";
    assertThat(vetoed(() -> table.newAppend().appendFile(file).commit())).containsExactly(reason);
    assertThat(vetoed(() -> table.newFastAppend().appendFile(file).toBranch("later").commit()))
        .containsExactly(reason);
    assertThat(fixture.ids()).containsExactly(1L, 2L);
  }

  @Test
  void aFileTwiceInOneCommitIsVetoed() throws IOException {
    DataFile file = write(table, row(2L));
    AppendFiles append = table.newFastAppend();
    for (int i = 0; i < 2; i++) {
      append.appendManifest(
          manifest(table.location() + "/metadata/" + i + "-" + file.recordCount() + ".avro", file));
    }

    assertThat(vetoed(append::commit))
        .containsExactly("1 files that are already in the table, or twice in the commit");
    assertThat(fixture.ids()).containsExactly(1L);
  }

  @Test
  void aManifestOutsideOfTheTablesFolderIsVetoed() throws IOException {
    ManifestFile manifest = manifest("mesh:/elsewhere.avro", write(table, row(2L)));

    assertThat(vetoed(() -> table.newFastAppend().appendManifest(manifest).commit()))
        .containsExactly("1 files outside the table's folder");
  }

  private ManifestFile manifest(String location, DataFile file) throws IOException {
    ManifestWriter<DataFile> writer =
        ManifestFiles.write(2, table.spec(), table.io().newOutputFile(location), null);
    try (writer) {
      writer.add(file);
    }
    return writer.toManifestFile();
  }

  @Test
  void statisticsOutsideOfTheTablesFolderAreVetoed() {
    long id = table.currentSnapshot().snapshotId();
    GenericStatisticsFile strange =
        new GenericStatisticsFile(id, "mesh:/elsewhere.stats", 10, 5, List.of());
    GenericStatisticsFile own =
        new GenericStatisticsFile(id, table.location() + "/metadata/x.stats", 10, 5, List.of());

    assertThat(vetoed(() -> table.updateStatistics().setStatistics(strange).commit()))
        .containsExactly("1 files outside the table's folder");
    table.updateStatistics().setStatistics(own).commit();
    assertThat(table.statisticsFiles()).hasSize(1);
  }

  @Test
  void enginesCannotSetSnapshotPropertiesOfTheMesh() {
    DataFile file = write(table, row(2L));

    for (String name : List.of("meshwork.complete-up-to", "meshwork.updated-at", "Meshwork.x")) {
      assertThat(vetoed(() -> table.newAppend().appendFile(file).set(name, "2099-01-01").commit()))
          .containsExactly("snapshot property " + name);
      assertThat(
              vetoed(
                  () ->
                      table
                          .newAppend()
                          .appendFile(file)
                          .set(name, "2099-01-01")
                          .toBranch("audit")
                          .commit()))
          .containsExactly("snapshot property " + name);
    }
    table.newAppend().appendFile(file).set("job", "nightly").commit();
    assertThat(fixture.ids()).containsExactly(1L, 2L);
  }
}
