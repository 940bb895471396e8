package io.meshwork.engine;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.unique;
import static io.meshwork.engine.EngineFixture.PRODUCT;
import static io.meshwork.engine.EngineFixture.QUARANTINE;
import static io.meshwork.engine.EngineFixture.TABLE;
import static io.meshwork.engine.EngineFixture.row;
import static io.meshwork.engine.EngineFixture.trip;
import static io.meshwork.engine.EngineFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What engines may commit to a product's table, what not, and what is left behind. */
class EngineCommitTest {
  @TempDir private Path folder;
  private EngineFixture fixture;
  private MeshCatalog catalog;

  private Table table(Rule... rules) {
    fixture = new EngineFixture(folder.resolve("mesh"), rules);
    catalog = fixture.catalog("mobility/spark");
    return catalog.loadTable(TABLE);
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
    fixture.close();
  }

  private static CommitVetoedException vetoed(ThrowingCallable commit) {
    CommitVetoedException veto = catchThrowableOfType(CommitVetoedException.class, commit);
    assertThat(veto).as("the veto").isNotNull();
    assertThat(veto.product()).isEqualTo(PRODUCT);
    assertThat(veto).hasMessageContaining(PRODUCT).hasMessageContaining("Nothing was committed");
    return veto;
  }

  @Test
  void aFileWithoutRowsOfAnEngineIsCommittedAndReadLikeAnyOther() throws IOException {
    Table table = table(notNull("fare"), between("fare", 0, 200), unique("id"), rowCount(0, 10));

    table.newAppend().appendFile(withoutRows(table, "first")).commit();
    assertThat(fixture.ids()).isEmpty();
    table
        .newAppend()
        .appendFile(write(table, row(2L, 0.0, "b")))
        .appendFile(withoutRows(table, "second"))
        .commit();

    assertThat(fixture.ids()).containsExactly(2L);
    assertThat(fixture.owner.publishHistory(PRODUCT).receipts())
        .extracting(PublishReceipt::rowsAccepted)
        .containsExactly(0L, 1L);
    fixture.owner.publish(PRODUCT).records(List.of(trip(3, 1.5, "a"))).commit();
    assertThat(fixture.ids()).containsExactlyInAnyOrder(2L, 3L);
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void rowsThatSkipTheTasksOfAConnectorAreRejected() throws IOException {
    Table unjudged = table();
    try (MeshCatalog judging =
        fixture.catalog("mobility/spark", Map.of(MeshCatalog.ROWS_BY_TASKS, "true"))) {
      Table table = judging.loadTable(TABLE);
      DataFile first = write(table, row(1L, 0.0, "a"));
      assertThat(vetoed(() -> table.newAppend().appendFile(first).commit()))
          .hasMessageContaining("no task checked the rows")
          .hasMessageContaining("VERSION AS OF 'main'");
      assertThat(vetoed(() -> table.newOverwrite().addFile(first).commit()))
          .hasMessageContaining("no task checked the rows");
      assertThat(fixture.ids()).isEmpty();

      table.newAppend().appendFile(first).toBranch("audit").commit();
      table.manageSnapshots().fastForwardBranch("main", "audit").commit();
      assertThat(fixture.ids()).containsExactly(1L);

      assertThat(vetoed(() -> table.newDelete().deleteFile(first).commit()))
          .hasMessageContaining("the statement deletes rows")
          .hasMessageContaining("replaceAll().allowEmpty()");
      assertThat(fixture.ids()).containsExactly(1L);
    }
    unjudged.refresh();
    unjudged.newAppend().appendFile(write(unjudged, row(2L, 0.0, "a"))).commit();
    assertThat(fixture.ids()).containsExactly(1L, 2L);
  }

  @Test
  void anEngineAddsNoRowsToARestoredMajorVersionThatLacksRows() {
    Table table = table();
    MeshClient owner = fixture.owner;
    owner
        .startRollout(PRODUCT)
        .contract(Contract.of(Fare.class))
        .withoutHistory()
        .because("Fares in cents")
        .commit();
    MajorRollout rollout = owner.rollout(PRODUCT).activate().commit().announce().commit();
    MajorRollout retired = rollout.close().commit().retire().commit();
    owner.publish(PRODUCT).records(List.of(new Fare(1, 250))).commit();
    retired.restore().because("A report needs it").commit();
    table.refresh();
    DataFile file = write(table, row(2L, 0.0, "b"));

    vetoed(() -> table.newAppend().appendFile(file).commit());

    assertThat(vetoed(() -> table.newAppend().appendFile(file).commit()))
        .hasMessageContaining("restored and lacks rows since")
        .hasMessageContaining("major version 2 alone");
  }

  record Fare(long id, long cents) {}

  @Test
  void anEngineCommitsToAMajorVersionUntilItIsRetired() throws IOException {
    Table table = table();
    fixture.setState("CLOSING");
    table.newAppend().appendFile(write(table, row(1L, 0.0, "b"))).commit();
    assertThat(fixture.ids()).containsExactly(1L);

    fixture.setState("RETIRED");
    assertThatThrownBy(() -> table.newAppend().appendFile(write(table, row(2L, 0.0, "b"))).commit())
        .isInstanceOf(NoSuchTableException.class)
        .hasMessageContaining("was retired");
    assertThat(fixture.ids()).as("the owner still reads it").containsExactly(1L);
    try (CloseableIterable<FileScanTask> files = catalog.loadTable(TABLE).newScan().planFiles()) {
      assertThat(files).hasSize(1);
    }
    fixture.setState("PREPARED");
    assertThatThrownBy(() -> table.newAppend().appendFile(write(table, row(2L, 0.0, "b"))).commit())
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("being prepared");
  }

  /** Adds the file of a writer such as pandas: one row group without rows, and its dictionary. */
  private static DataFile withoutRows(Table table, String name) throws IOException {
    String location = table.locationProvider().newDataLocation(name + ".parquet");
    try (InputStream in = EngineCommitTest.class.getResourceAsStream("/empty-row-group.parquet");
        OutputStream out = table.io().newOutputFile(location).create()) {
      in.transferTo(out);
    }
    return DataFiles.builder(table.spec())
        .withInputFile(table.io().newInputFile(location))
        .withRecordCount(0)
        .build();
  }

  @Test
  void theSdkReadsWhatAnEngineAppendedAndFindsItsReceipt() {
    Table table = table(notNull("fare"), between("fare", 0, 200), rowCount(1, 10));
    fixture.owner.publish(PRODUCT).records(List.of(trip(1, 1.5, "a"))).commit();

    DataFile file = write(table, row(2L, 0.0, "b"), row(3L, 200.0));
    table.newAppend().appendFile(file).commit();

    assertThat(fixture.ids()).containsExactly(1L, 2L, 3L);
    List<PublishReceipt> receipts = fixture.owner.publishHistory(PRODUCT).receipts();
    assertThat(receipts).hasSize(2);
    PublishReceipt receipt = receipts.get(1);
    Snapshot snapshot = table.currentSnapshot();
    assertThat(receipt.rowsAccepted()).isEqualTo(2);
    assertThat(receipt.files()).isEqualTo(1);
    assertThat(receipt.bytes()).isEqualTo(file.fileSizeInBytes());
    assertThat(receipt.keyWasGiven()).isFalse();
    assertThat(receipt.snapshotId()).contains(Long.toString(snapshot.snapshotId()));
    assertThat(receipt.sequence()).hasValue(2);
    assertThat(receipt.quality().rules())
        .extracting(QualityReport.RuleResult::outcome)
        .containsOnly(QualityReport.Outcome.PASS);
    assertThat(snapshot.summary())
        .containsEntry("meshwork.publish-id", receipt.publishId())
        .containsEntry("meshwork.contract-version", "1.0.0");
    assertThat(fixture.owner.publishHistory(PRODUCT).findReceipt(receipt.publishId()))
        .contains(receipt);
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void theSdkPublishesOnAndTheEngineReadsIt() throws IOException {
    Table table = table(atLeast("fare", 0));
    table.newAppend().appendFile(write(table, row(1L, 1.0))).commit();
    fixture.owner.publish(PRODUCT).records(List.of(trip(2, 2.0, null))).commit();

    table.refresh();
    assertThat(table.currentSnapshot().summary()).containsEntry("total-records", "2");
    table.newAppend().appendFile(write(table, row(3L, 3.0))).commit();
    assertThat(fixture.ids()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void anAppendOnAStaleTableIsRebuiltAndLosesNothing() {
    Table table = table(atLeast("fare", 0));
    DataFile file = write(table, row(2L, 2.0));
    table.currentSnapshot();
    fixture.owner.publish(PRODUCT).records(List.of(trip(1, 1.0, null))).commit();

    table.newFastAppend().appendFile(file).commit();

    assertThat(fixture.ids()).containsExactly(1L, 2L);
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void rowsThatStatisticsDoNotProveAreVetoedAndLeaveNoFile() {
    Table table =
        table(
            notNull("fare"),
            between("fare", 0, 200),
            matches("code", "[a-z]"),
            unique("id"),
            rowCount(1, 3));
    TreeSet<String> before = fixture.files();
    DataFile bad = write(table, row(1L, -1.0, "a"), row(2L, null, "b"));
    DataFile nan = write(table, row(3L, Double.NaN), row(4L, 1.0));
    TreeSet<String> written = fixture.files();
    assertThat(written).hasSize(before.size() + 2);

    CommitVetoedException veto =
        vetoed(() -> table.newAppend().appendFile(bad).appendFile(nan).commit());

    assertThat(veto.reasons())
        .containsExactly("notNull.fare", "between.fare", "matches.code", "unique.id", "rowCount");
    assertThat(veto)
        .hasMessageContaining("2 of 2 added files")
        .hasMessageContaining("1.0.0")
        .hasMessageContaining("MeshClient.publish")
        .hasMessageContaining("mobility/spark");
    assertThat(fixture.files()).as("metadata and manifests are deleted").isEqualTo(written);
    assertThat(fixture.ids()).isEmpty();
    assertThat(fixture.owner.publishHistory(PRODUCT).receipts()).isEmpty();
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void aRequiredColumnWithoutCountsIsVetoed() {
    Table table = table();
    DataFile file = write(table, row(1L, 1.0));
    DataFile silent =
        org.apache.iceberg.DataFiles.builder(table.spec())
            .withPath(file.location())
            .withFileSizeInBytes(file.fileSizeInBytes())
            .withFormat(file.format())
            .withRecordCount(1)
            .build();

    assertThat(vetoed(() -> table.newAppend().appendFile(silent).commit()).reasons())
        .containsExactly("REQUIRED_NULL:id");
  }

  @Test
  void aRuleThatOnlyWarnsNeverVetoes() {
    Table table = table(matches("code", "[a-z]").warn(), between("fare", 0, 1).warn());
    table.newAppend().appendFile(write(table, row(1L, 7.0, "not one letter"))).commit();

    assertThat(fixture.ids()).containsExactly(1L);
    assertThat(fixture.owner.publishHistory(PRODUCT).receipts().get(0).quality().rules())
        .extracting(QualityReport.RuleResult::outcome)
        .containsExactly(QualityReport.Outcome.NOT_EVALUATED, QualityReport.Outcome.FAIL);
  }

  @Test
  void aContractWithQuarantineIsAsStrictForEngines() {
    fixture = new EngineFixture(folder.resolve("mesh"));
    catalog = fixture.catalog("mobility/spark");
    fixture
        .owner
        .defineProduct("mobility/fares")
        .contract(
            EngineFixture.COLUMNS.require(atLeast("fare", 0)).onViolation(OnViolation.QUARANTINE))
        .commit();
    Table table = catalog.loadTable(TableIdentifier.of("mobility", "fares_v1"));

    CommitVetoedException veto =
        catchThrowableOfType(
            CommitVetoedException.class,
            () -> table.newAppend().appendFile(write(table, row(1L, -1.0), row(2L, 1.0))).commit());
    assertThat(veto.reasons()).containsExactly("atLeast.fare");
  }

  @Test
  void badRowsMayLieOnABranchAndAreVetoedWhenTheyReachMain() {
    Table table = table(atLeast("fare", 0));
    table.newAppend().appendFile(write(table, row(1L, 1.0))).commit();
    table.manageSnapshots().createBranch("audit").commit();
    table.newAppend().appendFile(write(table, row(2L, -1.0))).toBranch("audit").commit();
    assertThat(fixture.ids()).containsExactly(1L);
    assertThat(fixture.owner.publishHistory(PRODUCT).receipts()).hasSize(1);

    assertThat(
            vetoed(() -> table.manageSnapshots().fastForwardBranch("main", "audit").commit())
                .reasons())
        .containsExactly("atLeast.fare");

    long staged = table.snapshot("audit").snapshotId();
    assertThat(vetoed(() -> table.manageSnapshots().cherrypick(staged).commit()).reasons())
        .containsExactly("atLeast.fare");
    table.manageSnapshots().replaceBranch("audit", table.currentSnapshot().snapshotId()).commit();
    table.newAppend().appendFile(write(table, row(3L, 3.0))).toBranch("audit").commit();
    table.newAppend().appendFile(write(table, row(4L, 4.0))).toBranch("audit").commit();
    table.manageSnapshots().fastForwardBranch("main", "audit").commit();

    assertThat(fixture.ids()).containsExactly(1L, 3L, 4L);
    assertThat(fixture.owner.publishHistory(PRODUCT).receipts()).hasSize(2);
    assertThat(fixture.owner.publishHistory(PRODUCT).receipts().get(1).rowsAccepted()).isEqualTo(2);
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void stagesOfTheMeshAreNotTouched() {
    Table table = table(atLeast("fare", 0));
    table.newAppend().appendFile(write(table, row(1L, 1.0))).commit();

    assertThat(
            vetoed(() -> table.manageSnapshots().createBranch("mesh-stage-1").commit()).reasons())
        .containsExactly("branch mesh-stage-1");
  }

  @Test
  void onlyAppendsMoveMain() {
    Table table = table(atLeast("fare", 0));
    DataFile first = write(table, row(1L, 1.0));
    table.newAppend().appendFile(first).commit();
    DataFile second = write(table, row(2L, 2.0));
    table.newAppend().appendFile(second).commit();
    long earlier = table.currentSnapshot().parentId();

    assertThat(vetoed(() -> table.newDelete().deleteFile(first).commit()).reasons())
        .containsExactly("operation delete");
    assertThat(
            vetoed(
                    () ->
                        table
                            .newOverwrite()
                            .deleteFile(first)
                            .addFile(write(table, row(1L, 9.0)))
                            .commit())
                .reasons())
        .containsExactly("operation overwrite");
    assertThat(vetoed(() -> table.manageSnapshots().rollbackTo(earlier).commit()).reasons())
        .containsExactly("main with another history (rollback or replace)");
    assertThat(
            vetoed(
                    () ->
                        table
                            .newRewrite()
                            .deleteFile(first)
                            .deleteFile(second)
                            .addFile(write(table, row(1L, 1.0)))
                            .commit())
                .reasons())
        .containsExactly("operation replace without proof that all rows remain");
    assertThat(fixture.ids()).containsExactly(1L, 2L);
  }

  @Test
  void deletedRowsOfAnEngineNeverReachReaders() {
    Table table = table();
    DataFile first = write(table, row(1L, 1.0), row(2L, 2.0));
    table.newAppend().appendFile(first).commit();
    DeleteFile positions =
        FileMetadata.deleteFileBuilder(table.spec())
            .ofPositionDeletes()
            .withPath(table.location() + "/data/positions.parquet")
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(100)
            .withRecordCount(1)
            .build();
    DeleteFile keys =
        FileMetadata.deleteFileBuilder(table.spec())
            .ofEqualityDeletes(1)
            .withPath(table.location() + "/data/keys.parquet")
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(100)
            .withRecordCount(1)
            .build();
    for (DeleteFile delete : List.of(positions, keys)) {
      assertThat(vetoed(() -> table.newRowDelta().addDeletes(delete).commit()).reasons())
          .as(delete.location())
          .containsExactly("operation delete");
      assertThat(
              vetoed(
                      () ->
                          table
                              .newRowDelta()
                              .addRows(write(table, row(2L, 9.0)))
                              .addDeletes(delete)
                              .commit())
                  .reasons())
          .as(delete.location())
          .containsExactly("operation overwrite");
    }
    // Deletion vectors need version 3 of the format, which an engine cannot choose.
    assertThatThrownBy(() -> table.updateProperties().set("format-version", "3").commit())
        .isInstanceOf(CommitVetoedException.class);
    assertThat(fixture.ids()).containsExactly(1L, 2L);
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void aCompactionThatKeepsItsRowsPassesAndIsNotAPublish() {
    Table table = table(matches("code", "[a-z]"));
    fixture.owner.publish(PRODUCT).records(List.of(trip(1, 1.0, "a"))).commit();
    fixture.owner.publish(PRODUCT).records(List.of(trip(2, null, "b"))).commit();
    table.refresh();
    var rewrite = table.newRewrite();
    table
        .currentSnapshot()
        .allManifests(table.io())
        .forEach(
            manifest ->
                org.apache.iceberg.ManifestFiles.read(manifest, table.io(), table.specs())
                    .forEach(file -> rewrite.deleteFile(file.copy())));
    rewrite.addFile(write(table, row(1L, 1.0, "a"), row(2L, null, "b"))).commit();

    assertThat(fixture.ids()).containsExactly(1L, 2L);
    assertThat(fixture.owner.publishHistory(PRODUCT).receipts()).hasSize(2);
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void columnsLayoutAndSettingsAreNotChanged() {
    Table table = table(atLeast("fare", 0));
    TreeSet<String> before = fixture.files();

    assertThat(
            vetoed(() -> table.updateSchema().addColumn("tip", Types.DoubleType.get()).commit())
                .reasons())
        .containsExactly("schema");
    assertThat(vetoed(() -> table.updateSchema().deleteColumn("code").commit()).reasons())
        .containsExactly("schema");
    assertThat(vetoed(() -> table.updateSchema().makeColumnOptional("id").commit()).reasons())
        .containsExactly("schema");
    assertThat(vetoed(() -> table.updateSpec().addField("code").commit()).reasons())
        .contains("partitioning");
    assertThat(vetoed(() -> table.replaceSortOrder().asc("id").commit()).reasons())
        .contains("sort order");
    assertThat(vetoed(() -> table.updateLocation().setLocation("/elsewhere").commit()).reasons())
        .containsExactly("location");
    assertThat(vetoed(() -> table.updateProperties().set("format-version", "3").commit()).reasons())
        .containsExactly("format version");
    assertThat(
            vetoed(
                    () ->
                        table
                            .updateProperties()
                            .set("write.metadata.metrics.column.fare", "none")
                            .commit())
                .reasons())
        .containsExactly("property write.metadata.metrics.column.fare");
    assertThat(fixture.files()).isEqualTo(before);

    table.updateProperties().set("comment", "Trips").set("write.wap.enabled", "true").commit();
    assertThat(table.properties()).containsEntry("comment", "Trips");
    assertThat(fixture.owner.publishHistory(PRODUCT).receipts()).isEmpty();
  }

  @Test
  void aTableWhoseRowsTasksPublishTakesNoPropertiesOfAnEngine() throws IOException {
    table();
    try (MeshCatalog judging =
        fixture.catalog("mobility/spark", Map.of(MeshCatalog.ROWS_BY_TASKS, "true"))) {
      Table table = judging.loadTable(TABLE);
      assertThat(vetoed(() -> table.updateProperties().set("comment", "Trips").commit()).reasons())
          .containsExactly("property comment");
      table.updateProperties().set("write.wap.enabled", "true").commit();
      assertThat(table.properties()).doesNotContainKey("comment");
    }
  }

  @Test
  void anEngineTurnsTheCompressionOfMetadataFilesOffAndOn() {
    Table table = table();
    String codec = "write.metadata.compression-codec";
    assertThat(table.properties()).containsEntry(codec, "gzip");

    table.updateProperties().set(codec, "none").commit();
    assertThat(table().properties()).containsEntry(codec, "none");

    table.updateProperties().set(codec, "gzip").commit();
    assertThat(table().properties()).containsEntry(codec, "gzip");
  }

  @Test
  void snapshotsAreNotExpiredByEngines() {
    Table table = table();
    table.newAppend().appendFile(write(table, row(1L))).commit();
    table.newAppend().appendFile(write(table, row(2L))).commit();
    TreeSet<String> before = fixture.files();

    assertThat(
            vetoed(
                    () ->
                        table
                            .expireSnapshots()
                            .expireOlderThan(Long.MAX_VALUE)
                            .retainLast(1)
                            .commit())
                .reasons())
        .containsExactly("removal of snapshots");
    assertThat(
            vetoed(() -> table.manageSnapshots().setMinSnapshotsToKeep("main", 1).commit())
                .reasons())
        .containsExactly("retention of main");
    assertThat(fixture.files()).isEqualTo(before);
  }

  @Test
  void filesFromElsewhereAreVetoed() {
    Table table = table();
    String elsewhere = "mesh:/elsewhere.parquet";
    DataFile file = write(table, elsewhere, row(1L));

    assertThat(vetoed(() -> table.newAppend().appendFile(file).commit()).reasons())
        .containsExactly("1 files outside the table's folder");
  }

  @Test
  void theQuarantineIsReadByItsOwnerAndWrittenByNoEngine() {
    table(atLeast("fare", 0));
    Table quarantine = catalog.loadTable(QUARANTINE);

    assertThat(vetoed(() -> quarantine.updateProperties().set("comment", "x").commit()).reasons())
        .containsExactly("quarantine");
  }

  @Test
  void onlyTheOwnerCommits() throws IOException {
    fixture = new EngineFixture(folder.resolve("mesh"));
    fixture
        .owner
        .defineProduct("mobility/open")
        .contract(EngineFixture.COLUMNS)
        .openToMesh()
        .commit();
    var finance = fixture.mesh.clientAs(io.meshwork.product.Principal.of("finance", "analyst"));
    finance.registerDomain("finance").owner("finance@example.org").commit();
    catalog = fixture.catalog("finance/spark");
    Table table = catalog.loadTable(TableIdentifier.of("mobility", "open_v1"));
    TreeSet<String> before = fixture.files();
    DataFile file = write(table, row(1L));

    ForbiddenException refused =
        catchThrowableOfType(
            ForbiddenException.class, () -> table.newAppend().appendFile(file).commit());

    assertThat(refused).hasMessageContaining("finance/spark");
    assertThatThrownBy(() -> catalog.defaults(TableIdentifier.of("mobility", "open_v1")))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("finance/spark");
    table.io().deleteFile(file.location());
    assertThat(fixture.files()).isEqualTo(before);
  }

  @Test
  void metadataTablesShowWhatEnginesCommitted() {
    Table table = table();
    table.newAppend().appendFile(write(table, row(1L))).commit();

    assertThatCode(
            () ->
                catalog.loadTable(
                    TableIdentifier.of(
                        org.apache.iceberg.catalog.Namespace.of("mobility", "green_trips_v1"),
                        "files")))
        .doesNotThrowAnyException();
  }
}
