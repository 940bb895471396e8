package io.meshwork.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.consume.Batch;
import io.meshwork.internal.catalog.PositionEntry.PendingBatch;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.catalog.PositionEntry.View;
import io.meshwork.internal.session.TableSnapshots;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches after a position of a table whose snapshots come from any Iceberg operation. */
class NextBatchTest {
  private static final View EVERY_ROW = new View("all", Optional.empty());
  private static final Schema COLUMNS =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "shop", Types.StringType.get()));

  private static final RowVisibility ALL = new RowVisibility(COLUMNS, true);

  private final InMemoryCatalog catalog = new InMemoryCatalog();
  private Table table;
  private int files;

  @BeforeEach
  void create() {
    catalog.initialize("test", Map.of());
    catalog.createNamespace(Namespace.of("commerce"));
    table =
        catalog
            .buildTable(TableIdentifier.of("commerce", "orders_v1"), COLUMNS)
            .withProperty("format-version", "2")
            .create();
  }

  @AfterEach
  void close() throws Exception {
    catalog.close();
  }

  private DataFile file(long rows) {
    return DataFiles.builder(table.spec())
        .withPath(table.location() + "/data/f-" + files++ + ".parquet")
        .withFileSizeInBytes(100)
        .withRecordCount(rows)
        .build();
  }

  private Snapshot append(long rows, String... summary) {
    AppendFiles append = table.newAppend().appendFile(file(rows));
    for (int i = 0; i < summary.length; i += 2) {
      append.set(summary[i], summary[i + 1]);
    }
    append.commit();
    return table.currentSnapshot();
  }

  private static Place at(Snapshot snapshot) {
    return new Place(
        1,
        Optional.of(Long.toString(snapshot.snapshotId())),
        snapshot.sequenceNumber(),
        Optional.empty());
  }

  private Optional<NextBatch> next(Place from) {
    return NextBatch.of(table, MainSnapshots.after(table, 1, from), ALL, Optional.empty(), 10);
  }

  private NextBatch reset(Place from) {
    NextBatch batch = next(from).orElseThrow();
    assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
    assertThat(batch.end()).isEqualTo(table.currentSnapshot());
    return batch;
  }

  @Test
  void anEmptyTableHasNoNextBatch() {
    assertThat(next(Place.start(1))).isEmpty();
  }

  @Test
  void onlyThePositionsOwnSnapshotMayExpire() {
    append(1);
    Snapshot second = append(1);
    Snapshot third = append(1);
    Snapshot fourth = append(1);
    table
        .expireSnapshots()
        .expireSnapshotId(second.snapshotId())
        .expireSnapshotId(second.parentId())
        .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
        .commit();

    assertThat(table.snapshot(second.snapshotId())).isNull();
    assertThat(next(at(second)))
        .contains(new NextBatch(Batch.Kind.ADDED, fourth, Optional.empty()));
    assertThat(next(at(third))).contains(new NextBatch(Batch.Kind.ADDED, fourth, Optional.empty()));
    assertThat(reset(Place.start(1)).reason().orElseThrow()).contains("expired");
  }

  @Test
  void aPositionThatIsNotOnMainCausesAReset() {
    Snapshot first = append(1);
    Snapshot offMain = append(1);
    table.manageSnapshots().setCurrentSnapshot(first.snapshotId()).commit();
    append(1);

    assertThat(reset(at(offMain)).reason().orElseThrow()).contains("not on branch main");
    assertThat(next(at(first)).orElseThrow().kind()).isEqualTo(Batch.Kind.ADDED);
  }

  @Test
  void anotherMajorVersionCausesAReset() {
    append(1);
    assertThat(reset(new Place(2, Optional.of("7"), 3, Optional.empty())).reason())
        .hasValueSatisfying(why -> assertThat(why).contains("major"));
  }

  @Test
  void anOverwriteWithoutAModeCausesAResetAndACompactionNoBatch() {
    DataFile one = file(3);
    table.newAppend().appendFile(one).commit();
    Snapshot first = table.currentSnapshot();
    DataFile other = file(3);
    table.newRewrite().deleteFile(one).addFile(other).commit();
    assertThat(next(at(first))).isEmpty();

    table.newOverwrite().deleteFile(other).addFile(file(2)).commit();
    assertThat(reset(at(first)).reason().orElseThrow()).contains("overwritten");
    Snapshot overwritten = table.currentSnapshot();
    append(1, TableSnapshots.MODE, "of a later version");
    assertThat(reset(at(overwritten)).reason().orElseThrow()).contains("overwritten");
  }

  @Test
  void appendsAndCompactionsAreJoinedAndSnapshotsAreNotSplit() {
    DataFile one = file(4);
    table.newAppend().appendFile(one).commit();
    table.newRewrite().deleteFile(one).addFile(file(4)).commit();
    Snapshot third = append(6);
    append(1);

    assertThat(next(Place.start(1)))
        .contains(new NextBatch(Batch.Kind.ADDED, third, Optional.empty()));
    assertThat(next(at(third)).orElseThrow().end()).isEqualTo(table.currentSnapshot());
  }

  @Test
  void anEraseByAColumnThatIsNotReadCausesAReset() {
    Snapshot first = append(1);
    append(1, TableSnapshots.MODE, "erase", TableSnapshots.SCOPE, "shop = 'a'");
    assertThat(next(at(first)).orElseThrow().kind()).isEqualTo(Batch.Kind.ERASED);

    RowVisibility id = new RowVisibility(COLUMNS.select("id"), true);
    MainSnapshots main = MainSnapshots.after(table, 1, at(first));
    assertThat(NextBatch.of(table, main, id, Optional.empty(), 10).orElseThrow().kind())
        .isEqualTo(Batch.Kind.RESET);
    PendingBatch erased =
        new PendingBatch(
            "id",
            Batch.Kind.ERASED.name(),
            at(table.currentSnapshot()),
            Optional.empty(),
            EVERY_ROW);
    assertThat(BatchContent.of(table, main, erased, ALL)).isPresent();
    assertThat(BatchContent.of(table, main, erased, id)).isEmpty();
  }

  @Test
  void aBatchWithAnExpiredSnapshotHasNoContent() {
    Snapshot first = append(1);
    Snapshot second = append(1);
    append(1);
    PendingBatch pending =
        new PendingBatch("id", Batch.Kind.ADDED.name(), at(second), Optional.empty(), EVERY_ROW);
    assertThat(
            BatchContent.of(table, MainSnapshots.after(table, 1, at(first)), pending, ALL)
                .orElseThrow()
                .files())
        .hasSize(1);
    table
        .expireSnapshots()
        .expireSnapshotId(first.snapshotId())
        .expireSnapshotId(second.snapshotId())
        .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
        .commit();

    assertThat(BatchContent.of(table, MainSnapshots.after(table, 1, at(first)), pending, ALL))
        .isEmpty();
  }

  @Test
  void aReaderWithARowFilterGetsEachSnapshotAloneAndNoPredicate() {
    RowVisibility some = new RowVisibility(COLUMNS, false);
    Snapshot first = append(1);
    append(1);
    assertThat(
            NextBatch.of(
                table, MainSnapshots.after(table, 1, Place.start(1)), some, Optional.empty(), 10))
        .contains(new NextBatch(Batch.Kind.ADDED, first, Optional.empty()));

    Snapshot second = table.currentSnapshot();
    append(1, TableSnapshots.MODE, "erase", TableSnapshots.SCOPE, "shop = 'a'");
    MainSnapshots main = MainSnapshots.after(table, 1, at(second));
    NextBatch batch = NextBatch.of(table, main, some, Optional.empty(), 10).orElseThrow();
    assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
    assertThat(batch.reason().orElseThrow()).doesNotContain("shop");
    PendingBatch erased =
        new PendingBatch(
            "id",
            Batch.Kind.ERASED.name(),
            at(table.currentSnapshot()),
            Optional.empty(),
            EVERY_ROW);
    assertThat(BatchContent.of(table, main, erased, some)).isEmpty();
  }
}
