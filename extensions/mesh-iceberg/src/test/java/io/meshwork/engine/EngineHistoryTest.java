package io.meshwork.engine;

import static io.meshwork.engine.EngineFixture.PRODUCT;
import static io.meshwork.engine.EngineFixture.TABLE;
import static io.meshwork.engine.EngineFixture.row;
import static io.meshwork.engine.EngineFixture.trip;
import static io.meshwork.engine.EngineFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.error.ConflictException;
import io.meshwork.publish.Erase;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines' commits among those of the SDK: in the history, and beside a replace. */
class EngineHistoryTest {
  @TempDir private Path folder;

  private EngineFixture fixture;

  private Table table;

  @BeforeEach
  void publishTwice() {
    fixture = new EngineFixture(folder.resolve("mesh"));
    fixture.owner.publish(PRODUCT).records(List.of(trip(1, 1.0, "a"), trip(2, 2.0, "b"))).commit();
    fixture.owner.publish(PRODUCT).records(List.of(trip(3, 3.0, "c"))).commit();
    table = fixture.catalog("mobility/spark").loadTable(TABLE);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void compact() {
    table.refresh();
    RewriteFiles rewrite = table.newRewrite();
    table
        .currentSnapshot()
        .allManifests(table.io())
        .forEach(
            manifest ->
                ManifestFiles.read(manifest, table.io(), table.specs())
                    .forEach(file -> rewrite.deleteFile(file.copy())));
    rewrite.addFile(write(table, row(1L, 1.0, "a"), row(2L, 2.0, "b"), row(3L, 3.0, "c"))).commit();
  }

  private static Erase beforeCommit(Erase erase, Runnable happens) {
    return erase.onProgress(
        (phase, done, total) -> {
          if (phase.equals("commit") && done == 0) {
            happens.run();
          }
        });
  }

  @Test
  void whatAnEngineAppendsIsInTheHistoryOfQualityAndACompactionIsNot() {
    compact();
    table.newAppend().appendFile(write(table, row(4L, 4.0, "d"))).commit();

    List<QualityEntry> history = fixture.owner.publishHistory(PRODUCT).quality();

    assertThat(history)
        .extracting(entry -> entry.measures().get("rowCount"))
        .containsExactly(1.0, 1.0, 2.0);
    PublishReceipt appended = fixture.owner.publishHistory(PRODUCT).receipts().get(2);
    assertThat(history.get(0).publishId()).isEqualTo(appended.publishId());
    assertThat(history.get(0).rulesEvaluated()).isEqualTo(appended.quality().rulesEvaluated());
    assertThat(fixture.owner.governance().domainQuality("mobility").latest().values())
        .extracting(QualityEntry::publishId)
        .containsExactly(appended.publishId());
  }

  @Test
  void theHistoryHoldsWhatEnginesDid() {
    compact();
    table.newAppend().appendFile(write(table, row(4L, 4.0, "d"))).commit();

    List<RowChange> history = fixture.owner.publishHistory(PRODUCT).changes();

    assertThat(history)
        .extracting(RowChange::mode)
        .containsExactly(
            PublishMode.APPEND, PublishMode.COMPACTION, PublishMode.APPEND, PublishMode.APPEND);
    assertThat(history)
        .extracting(RowChange::by)
        .containsExactly("mobility/spark", "mobility/spark", "mobility/etl", "mobility/etl");
    assertThat(history).extracting(RowChange::rowsTotal).containsExactly(4L, 3L, 3L, 2L);
    assertThat(history).extracting(RowChange::rowsAdded).containsExactly(1L, 0L, 1L, 2L);
    assertThat(history).extracting(RowChange::sequence).containsExactly(4L, 3L, 2L, 1L);
    fixture
        .owner
        .rollBack(PRODUCT)
        .to(history.get(2).snapshotId())
        .because("the engine was early")
        .commit();
    assertThat(fixture.ids()).containsExactly(1L, 2L, 3L);
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void aConcurrentCompactionDoesNotConflictWithAnErase() {
    PublishReceipt erased =
        beforeCommit(
                fixture.owner.erase(PRODUCT).where("id = 2").because("asked to"), this::compact)
            .commit();

    assertThat(erased.rowsRemoved()).isEqualTo(1);
    assertThat(fixture.ids()).containsExactly(1L, 3L);
    assertThat(fixture.mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void aConcurrentAppendOfMatchingRowsConflictsWithAnErase() {
    assertThatThrownBy(
            () ->
                beforeCommit(
                        fixture.owner.erase(PRODUCT).where("id >= 2").because("asked to"),
                        () -> {
                          table.refresh();
                          table.newAppend().appendFile(write(table, row(4L, 4.0, "d"))).commit();
                        })
                    .commit())
        .isInstanceOf(ConflictException.class);

    assertThat(fixture.ids()).containsExactly(1L, 2L, 3L, 4L);
  }
}
