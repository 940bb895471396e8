package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.ScriptedRegistry.Fault;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshTablesTest {
  private TableFixture fixture;
  private TableName rows;
  private TableName bad;

  @BeforeEach
  void createTables(@TempDir Path folder) {
    fixture = new TableFixture(folder);
    rows = fixture.rows;
    bad = fixture.bad;
    fixture.createBoth();
  }

  @Test
  void aNewTableKeepsItsColumnIdsAndIsEmpty() {
    Table table = fixture.tables.load(rows);
    assertThat(table.schema().findField("id").fieldId()).isEqualTo(3);
    assertThat(table.schema().findField("amount").fieldId()).isEqualTo(7);
    assertThat(TableState.of(table)).isEqualTo(new TableState(null, 0, 0, 0, 0));
    assertThat(table.properties())
        .containsEntry(TableProperties.MANIFEST_COMPRESSION, "gzip")
        .containsEntry(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true")
        .containsEntry(TableProperties.PARQUET_COMPRESSION, "zstd");
    assertThat(fixture.tables.load(bad).schema().asStruct())
        .isEqualTo(QuarantineTable.SCHEMA.asStruct());
  }

  @Test
  void aPublishUpdatesBothTablesAndTheirSnapshotProperties() {
    fixture.publish("p1", 5, 2);
    fixture.publish("p2", 3, 1);

    Table table = fixture.tables.load(rows);
    assertThat(TableState.of(table).rows()).isEqualTo(8);
    assertThat(TableState.of(table).sequence()).isEqualTo(2);
    assertThat(TableState.of(table).files()).isEqualTo(2);
    assertThat(TableState.of(table).bytes()).isEqualTo(8);
    assertThat(TableState.of(fixture.tables.load(bad)).rows()).isEqualTo(3);
    assertThat(table.currentSnapshot().summary()).containsEntry("meshwork.publish", "p2");
    ObjectNode pointer = fixture.mesh.ledger.read(rows.key()).orElseThrow().json();
    assertThat(pointer.path("snapshotId").asText())
        .isEqualTo(Long.toString(table.currentSnapshot().snapshotId()));
    assertThat(pointer.path("metadataLocation").asText())
        .matches(".*/metadata/00002-[0-9a-f-]{36}\\.metadata\\.json");
    assertThat(pointer.path("previousMetadataLocation").asText()).contains("/00001-");
    assertThat(fixture.publishes(rows)).containsExactly("p1", "p2");
    assertNoStrayMetadata();
  }

  @Test
  void aPublishToManyManifestsWaitsForNoOtherThread() {
    for (int publish = 0; publish < 7; publish++) {
      fixture.publish("p" + publish, 1, 1);
    }

    assertThat(fixture.tables.load(fixture.rows).currentSnapshot().allManifests(fixture.files))
        .hasSize(7);
    assertThat(fixture.writers).containsExactly(Thread.currentThread());
  }

  @Test
  void aDraftThatFailsUpdatesNeitherTableAndLeavesNoFile() {
    fixture.publish("p1", 5, 2);
    Set<String> before = allMetadataFiles();
    assertThatThrownBy(
            () ->
                fixture.commit(
                    attempt -> {
                      CommitDraft<Long> draft = fixture.draft("product.published");
                      fixture
                          .tables
                          .draft(rows, attempt)
                          .append(entries(rows), Map.of())
                          .stage(draft);
                      fixture.tables.draft(bad, attempt).append(entries(bad), Map.of());
                      throw Failure.of(MeshAction.of(Verb.FIND, "a document"))
                          .because("it does not exist")
                          .notFound(ErrorCode.NOT_FOUND);
                    }))
        .isInstanceOf(NotFoundException.class);
    assertThat(fixture.publishes(rows)).containsExactly("p1");
    assertThat(fixture.publishes(bad)).containsExactly("p1");
    assertThat(allMetadataFiles()).isEqualTo(before);
    assertThat(Files.exists(Path.of(entries(rows).get(0).location())))
        .as("the caller deletes data files")
        .isTrue();
  }

  @Test
  void aDraftIsRebuiltAfterAConcurrentUpdate() {
    DataFileEntry mine = fixture.dataFile(rows, "mine", 4);
    int[] drafts = {0};
    fixture.commit(
        attempt -> {
          TableDraft draftOfTable =
              fixture.tables.draft(rows, attempt).append(List.of(mine), Map.of());
          if (drafts[0]++ == 0) {
            fixture.publish("theirs", 1, 1);
          }
          CommitDraft<Long> draft = fixture.draft("product.published");
          draftOfTable.stage(draft);
          return draft.result(1L);
        });
    assertThat(drafts[0]).isEqualTo(2);
    assertThat(fixture.publishes(rows)).containsExactly("mine", "theirs");
    assertNoStrayMetadata();
  }

  @Test
  void aConcurrentUpdateOfOneTablePreventsTheOther() {
    fixture.publish("p1", 5, 2);
    DataFileEntry mine = fixture.dataFile(rows, "mine", 4);
    DataFileEntry myBad = fixture.dataFile(bad, "mine", 4);
    assertThatThrownBy(
            () ->
                fixture.mesh.ledger.commit(
                    fixture.change(
                        attempt -> {
                          CommitDraft<Long> draft = fixture.draft("product.published");
                          TableDraft first = fixture.tables.draft(rows, attempt);
                          TableDraft second = fixture.tables.draft(bad, attempt);
                          movePointerOf(bad);
                          first.append(List.of(mine), Map.of()).stage(draft);
                          second.append(List.of(myBad), Map.of()).stage(draft);
                          return draft.result(1L);
                        }),
                    fixture.mesh.runtime.startDeadline(Duration.ofSeconds(1))))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("table/green_trips_v1_quarantine");
    assertThat(fixture.publishes(rows)).containsExactly("p1");
    assertThat(fixture.publishes(bad)).containsExactly("p1");
    assertNoStrayMetadata();
  }

  @Test
  void aLateCommitIsRejectedAfterItsFenceAndItsFilesAreDeleted() {
    fixture.mesh.registry.next(Fault.HELD);
    fixture.publish("p1", 5, 2);
    assertThat(fixture.mesh.registry.deliverLate()).containsExactly(Outcome.ABORTED);
    assertThat(fixture.publishes(rows)).containsExactly("p1");
    assertThat(fixture.publishes(bad)).containsExactly("p1");
    assertNoStrayMetadata();
  }

  @Test
  void noFileIsDeletedWhileTheOutcomeIsUnknown() {
    fixture.mesh.registry.next(Fault.HELD);
    fixture.mesh.registry.cannotResolve();
    assertThatThrownBy(() -> fixture.publish("p1", 5, 2))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(fixture.publishes(rows)).isEmpty();

    assertThat(fixture.mesh.registry.deliverLate()).containsExactly(Outcome.COMMITTED);

    assertThat(fixture.publishes(rows)).containsExactly("p1");
    assertThat(fixture.publishes(bad)).containsExactly("p1");
    assertNoStrayMetadata();
  }

  @Test
  void oldMetadataIsDeletedWithTheCommitThatReplacesIt() {
    for (int i = 0; i < 30; i++) {
      fixture.publish("p" + i, 1, 1);
    }
    assertThat(fixture.metadataFiles(rows))
        .filteredOn(file -> file.endsWith(".metadata.json"))
        .as("the current one and twenty previous ones")
        .hasSize(21);
    assertNoStrayMetadata();
  }

  @Test
  void aLoadedTableNeverChangesAndCannotBeUpdated() {
    fixture.publish("p1", 5, 2);
    Table pinned = fixture.tables.load(rows);
    fixture.publish("p2", 3, 1);
    pinned.refresh();
    assertThat(TableState.of(pinned).rows()).isEqualTo(5);
    assertThatThrownBy(() -> pinned.updateProperties().set("a", "b").commit())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aTableThatWasNotUpdatedIsOnlyChecked() {
    fixture.publish("p1", 5, 2);
    VersionedDocument before = fixture.mesh.ledger.read(bad.key()).orElseThrow();
    fixture.commit(
        attempt -> {
          CommitDraft<Long> draft = fixture.draft("product.published");
          fixture.tables.draft(rows, attempt).append(entries(rows), Map.of()).stage(draft);
          fixture.tables.draft(bad, attempt).stage(draft);
          return draft.result(1L);
        });
    assertThat(fixture.mesh.ledger.read(bad.key()).orElseThrow()).isEqualTo(before);
    assertThat(fixture.publishes(rows)).hasSize(2);
    assertNoStrayMetadata();
  }

  @Test
  void severalUpdatesOfOneAttemptBecomeOneMetadataFile() {
    fixture.commit(
        attempt -> {
          CommitDraft<Long> draft = fixture.draft("product.amended");
          TableDraft table = fixture.tables.draft(rows, attempt);
          table.table().updateSchema().addColumn("note", Types.StringType.get()).commit();
          table.append(entries(rows), Map.of("meshwork.publish", "x"));
          table.table().updateProperties().set("owner", "mobility").commit();
          assertThat(table.state().rows()).isEqualTo(3);
          table.stage(draft);
          return draft.result(1L);
        });
    Table table = fixture.tables.load(rows);
    assertThat(table.schema().findField("note").fieldId()).isEqualTo(8);
    assertThat(table.properties()).containsEntry("owner", "mobility");
    assertThat(fixture.metadataFiles(rows))
        .filteredOn(file -> file.endsWith(".metadata.json"))
        .hasSize(2);
    assertNoStrayMetadata();
  }

  @Test
  void metadataThatIsDeniedBecauseACommitDeletedItIsReadAtTheNewPointer() {
    fixture.publish("p1", 5, 2);
    DeniedOnce files = new DeniedOnce(() -> fixture.publish("p2", 3, 1));
    MeshTables tables = new MeshTables(fixture.mesh.ledger, files, fixture.tables.places());

    assertThat(TableState.of(tables.load(rows)).rows()).isEqualTo(8);
    assertThat(files.requested).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void metadataThatIsDeniedAtTheSamePointerIsReportedAsDenied() {
    fixture.publish("p1", 5, 2);
    DeniedOnce files = new DeniedOnce(() -> {});
    MeshTables tables = new MeshTables(fixture.mesh.ledger, files, fixture.tables.places());

    assertThatThrownBy(() -> tables.load(rows)).isSameAs(files.denial);
    assertThat(files.requested).hasSize(1);
  }

  /** Denies the first file, after an action. */
  private final class DeniedOnce implements FileIO {
    private static final long serialVersionUID = 1L;
    final BackendException denial =
        Failure.of(MeshAction.of(Verb.READ, "a file"))
            .because("the caller may not list")
            .lasting(ErrorCode.PERMISSION_MISSING);
    final List<String> requested = new ArrayList<>();
    private final transient Runnable meanwhile;

    DeniedOnce(Runnable meanwhile) {
      this.meanwhile = meanwhile;
    }

    @Override
    public InputFile newInputFile(String location) {
      requested.add(location);
      if (requested.size() == 1) {
        meanwhile.run();
        throw denial;
      }
      return fixture.files.newInputFile(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return fixture.files.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      fixture.files.deleteFile(location);
    }
  }

  @Test
  void unknownFieldsOfThePointerAreKept() {
    VersionedDocument pointer = fixture.mesh.ledger.read(rows.key()).orElseThrow();
    fixture.mesh.registry.tamper(
        rows.key(), DocumentJson.write(pointer.json().deepCopy().put("later", "kept")));
    fixture.publish("p1", 5, 2);
    assertThat(fixture.mesh.ledger.read(rows.key()).orElseThrow().json().path("later").asText())
        .isEqualTo("kept");
  }

  @Test
  void deletesOfIcebergAreDelayedUntilTheCommit() {
    fixture.publish("p1", 5, 2);
    fixture.publish("p2", 5, 2);
    fixture.mesh.pass(Duration.ofDays(1));
    Table before = fixture.tables.load(rows);
    long first = before.snapshots().iterator().next().snapshotId();
    String list = before.snapshot(first).manifestListLocation();

    assertThatThrownBy(
            () ->
                fixture.commit(
                    attempt -> {
                      TableDraft table = fixture.tables.draft(rows, attempt);
                      table.table().expireSnapshots().expireSnapshotId(first).commit();
                      CommitDraft<Long> draft = fixture.draft("snapshots.expired");
                      table.stage(draft);
                      throw Failure.of(MeshAction.of(Verb.FIND, "a document"))
                          .because("it does not exist")
                          .notFound(ErrorCode.NOT_FOUND);
                    }))
        .isInstanceOf(NotFoundException.class);
    assertThat(Path.of(list)).exists();

    fixture.commit(
        attempt -> {
          TableDraft table = fixture.tables.draft(rows, attempt);
          table.table().expireSnapshots().expireSnapshotId(first).commit();
          assertThat(Path.of(list)).exists();
          CommitDraft<Long> draft = fixture.draft("snapshots.expired");
          table.stage(draft);
          return draft.result(1L);
        });
    assertThat(Path.of(list)).doesNotExist();
    assertThat(fixture.publishes(rows)).containsExactly("p1", "p2");
    assertNoStrayMetadata();
  }

  @Test
  void aFileOfAPartitionedTableIsInTheFolderOfItsPartition() {
    TableName byDay = TableName.of(ProductName.of("mobility/green-trips"), 2);
    PartitionSpec spec = PartitionSpec.builderFor(TableFixture.SCHEMA).identity("id").build();
    PartitionKey key = new PartitionKey(spec, TableFixture.SCHEMA);
    GenericRecord row = GenericRecord.create(TableFixture.SCHEMA);
    row.setField("id", 42L);
    key.partition(row);
    DataFileEntry plain = fixture.dataFile(byDay, "p1", 9);
    DataFileEntry entry =
        new DataFileEntry(
            plain.location(), plain.bytes(), 9, plain.metrics(), List.of(4L), key.copy());
    fixture.commit(
        attempt -> {
          CommitDraft<Long> draft = fixture.draft("product.published");
          fixture
              .tables
              .create(
                  byDay,
                  fixture.tables.places().meshRoot(),
                  TableColumns.ofNew(TableFixture.SCHEMA, 3),
                  spec,
                  Map.of(),
                  attempt)
              .append(List.of(entry), Map.of())
              .stage(draft);
          return draft.result(1L);
        });
    DataFile file = fixture.dataFiles(byDay).get(0);
    assertThat(file.partition().get(0, Long.class)).isEqualTo(42L);
    assertThat(file.recordCount()).isEqualTo(9);
    assertThatThrownBy(() -> plain.toDataFile(spec)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMissingTableIsNamed() {
    TableName missing = TableName.of(ProductName.of("mobility/green-trips"), 9);
    assertThat(fixture.tables.find(missing)).isEmpty();
    assertThatThrownBy(() -> fixture.tables.load(missing))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("mobility/green-trips")
        .hasMessageContaining("9");
  }

  @Test
  void anUnwritableFolderIsNamedAndNothingIsCommitted() throws Exception {
    Path metadata = Path.of(fixture.tables.location(bad), "metadata");
    Path aside = metadata.resolveSibling("aside");
    DataFileEntry good = fixture.dataFile(rows, "p1", 1);
    DataFileEntry notGood = fixture.dataFile(bad, "p1", 1);
    Set<String> before = fixture.metadataFiles(rows);
    assertThatThrownBy(
            () ->
                fixture.commit(
                    attempt -> {
                      CommitDraft<Long> draft = fixture.draft("product.published");
                      TableDraft first = fixture.tables.draft(rows, attempt);
                      TableDraft second = fixture.tables.draft(bad, attempt);
                      first.append(List.of(good), Map.of()).stage(draft);
                      replaceByFile(metadata, aside);
                      second.append(List.of(notGood), Map.of()).stage(draft);
                      return draft.result(1L);
                    }))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("mobility.green_trips_v1_quarantine")
        .hasMessageContaining("Nothing was committed");
    Files.delete(metadata);
    Files.move(aside, metadata);
    assertThat(fixture.publishes(rows)).isEmpty();
    assertThat(fixture.metadataFiles(rows)).isEqualTo(before);
  }

  @Test
  void aTableIsCreatedOnceAndASecondCreationIsAConflict() {
    Set<String> before = allMetadataFiles();
    assertThat(fixture.tables.exists(rows)).isTrue();
    assertThatThrownBy(() -> fixture.createBoth(Duration.ofSeconds(1)))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("table/green_trips_v1");
    assertThat(allMetadataFiles()).isEqualTo(before);
  }

  @Test
  void missingMetadataIsDamageAndNotAnEmptyTable() throws Exception {
    String location = metadataLocation();
    Files.write(Path.of(location), new byte[] {'{'});
    fixture.reopen();
    assertThatThrownBy(() -> fixture.tables.load(rows))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("cannot be read");
    Files.delete(Path.of(location));
    assertThatThrownBy(() -> fixture.tables.load(rows))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void metadataThatThisProcessWroteIsNotReadAgain() throws Exception {
    fixture.publish("first", 1, 0);
    String location = metadataLocation();
    Files.delete(Path.of(location));

    assertThat(fixture.tables.load(rows).currentSnapshot()).isNotNull();
    assertThatThrownBy(() -> fixture.tables.pin(rows.key())).hasMessageContaining("missing");
    fixture.reopen();
    assertThatThrownBy(() -> fixture.tables.load(rows)).hasMessageContaining("missing");
  }

  @Test
  void metadataThatDiffersFromItsPointerIsReadAgain() throws Exception {
    Path file = Path.of(metadataLocation());
    String whole = Files.readString(file);
    Files.writeString(file, whole.replace("\"properties\":{", "\"properties\":{\"note\":\"x\","));
    fixture.reopen();
    assertThat(fixture.tables.load(rows).properties()).containsKey("note");

    Files.writeString(file, whole);

    assertThat(fixture.tables.load(rows).properties()).doesNotContainKey("note");
  }

  private String metadataLocation() {
    return fixture
        .mesh
        .ledger
        .read(rows.key())
        .orElseThrow()
        .json()
        .path("metadataLocation")
        .asText();
  }

  /** Writes the same content under a new version, as another writer. */
  private void movePointerOf(TableName name) {
    VersionedDocument pointer = fixture.mesh.ledger.read(name.key()).orElseThrow();
    fixture.mesh.registry.tamper(name.key(), DocumentJson.write(pointer.json()));
  }

  private static void replaceByFile(Path folder, Path aside) {
    try {
      Files.move(folder, aside);
      Files.createFile(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<DataFileEntry> entries(TableName name) {
    return List.of(fixture.dataFile(name, "extra", 3));
  }

  private Set<String> allMetadataFiles() {
    Set<String> all = new TreeSet<>(fixture.metadataFiles(rows));
    all.addAll(fixture.metadataFiles(bad));
    return all;
  }

  private void assertNoStrayMetadata() {
    for (TableName name : List.of(rows, bad)) {
      assertThat(fixture.metadataFiles(name)).isEqualTo(fixture.reachableMetadata(name));
    }
    assertThat(fixture.mesh.ledger.verify(rows.partition())).isEmpty();
  }
}
