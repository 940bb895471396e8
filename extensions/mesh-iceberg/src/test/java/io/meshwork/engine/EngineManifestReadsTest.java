package io.meshwork.engine;

import static io.meshwork.engine.EngineFixture.row;
import static io.meshwork.engine.EngineFixture.trip;
import static io.meshwork.engine.EngineFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often the check of an engine's commit reads the manifests of the table. */
class EngineManifestReadsTest {
  private static final int PUBLISHES = 6;
  private static final int APPENDS = 4;
  private static final Map<String, String> SPARK = Map.of(MeshCatalog.PRINCIPAL, "mobility/spark");

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private EngineFixture fixture;

  @SuppressWarnings("NullAway.Init") // JUnit opens the catalog before each test
  private MeshCatalog catalog;

  @BeforeEach
  void fillAMesh() {
    fixture = new EngineFixture(folder.resolve("mesh"));
    for (long id = 0; id < PUBLISHES; id++) {
      fixture.owner.publish(EngineFixture.PRODUCT).records(List.of(trip(id, 1.0, "a"))).commit();
    }
    catalog = fixture.catalog("mobility/spark");
  }

  @AfterEach
  void closeTheMesh() throws IOException {
    catalog.close();
    fixture.close();
  }

  @Test
  void aCommitOfManySnapshotsReadsEachManifestThatWasThereOnce() {
    BaseTable table = (BaseTable) catalog.loadTable(EngineFixture.TABLE);
    final TableMetadata base = table.operations().current();
    Transaction transaction = table.newTransaction();
    for (long id = 100; id < 100 + APPENDS; id++) {
      transaction.newFastAppend().appendFile(write(table, row(id))).commit();
    }
    transaction.commitTransaction();
    table.refresh();
    Map<String, Integer> reads = new TreeMap<>();

    List<String> refused = check(base, table.operations().current(), table.io(), reads);

    assertThat(refused)
        .as("but for what the commit put there")
        .allMatch(name -> name.startsWith("snapshot property"));
    reads.keySet().removeIf(location -> location.contains("snap-"));
    assertThat(reads).hasSize(PUBLISHES + APPENDS);
    // What a snapshot added is read by Iceberg once more, to say which of it is new.
    assertThat(reads.values().stream().filter(times -> times == 1)).hasSize(PUBLISHES);
    assertThat(reads.values().stream().filter(times -> times == 2)).hasSize(APPENDS);
  }

  @Test
  void aFileThatTwoSnapshotsOfOneCommitAddIsVetoed() {
    Table table = catalog.loadTable(EngineFixture.TABLE);
    DataFile again = write(table, row(100L));
    Transaction transaction = table.newTransaction();
    for (DataFile file : List.of(again, write(table, row(101L)), again)) {
      transaction.newFastAppend().appendFile(file).commit();
    }

    CommitVetoedException veto =
        catchThrowableOfType(CommitVetoedException.class, transaction::commitTransaction);

    assertThat(veto.reasons())
        .containsExactly("1 files that are already in the table, or twice in the commit");
    assertThat(fixture.ids()).hasSize(PUBLISHES);
  }

  /** Reads the metadata file again, so that no manifests are cached. */
  private List<String> check(
      TableMetadata base, TableMetadata built, FileIO files, Map<String, Integer> reads) {
    TableMetadata read =
        TableMetadataParser.fromJson(
            built.metadataFileLocation(), TableMetadataParser.toJson(built));
    Table counted =
        new BaseTable(
            new StaticTableOperations(read, new CountedFiles(files, reads)),
            "counted",
            report -> {});
    Map<String, String> properties = new TreeMap<>(SPARK);
    properties.put("warehouse", fixture.folder.toString());
    try (EngineMesh mesh = EngineMesh.of("mesh", properties)) {
      TableName name = TableName.of(ProductName.of(EngineFixture.PRODUCT), 1);
      return SnapshotFileCheck.violations(mesh.session(), name, base, read, counted, null);
    }
  }

  /** Counts how often each file is asked for. */
  private record CountedFiles(FileIO files, Map<String, Integer> reads) implements FileIO {
    @Override
    public InputFile newInputFile(String location) {
      reads.merge(location, 1, Integer::sum);
      return files.newInputFile(location);
    }

    @Override
    public InputFile newInputFile(String location, long length) {
      reads.merge(location, 1, Integer::sum);
      return files.newInputFile(location, length);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return files.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      files.deleteFile(location);
    }

    @Override
    public Map<String, String> properties() {
      return files.properties();
    }
  }
}
