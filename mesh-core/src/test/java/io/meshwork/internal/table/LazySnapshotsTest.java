package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.metadata.LazySnapshots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LazySnapshotsTest {
  private TableFixture fixture;
  private FixtureMetadata file;

  @BeforeEach
  void setUp(@TempDir Path folder) {
    fixture = new TableFixture(folder);
    file = new FixtureMetadata(fixture);
    MeshFormat.ensure(fixture.mesh.ledger);
    fixture.createBoth();
    for (int i = 0; i < 3; i++) {
      fixture.publish("p" + i, 1, 1);
    }
  }

  @Test
  void threadsThatReadTwoVersionsParseThemOnce() {
    List<Snapshot> stored = file.current().snapshots();
    AtomicInteger parsed = new AtomicInteger();
    CountDownLatch both = new CountDownLatch(2);
    LazySnapshots first =
        LazySnapshots.parsedBy(
            () -> {
              parsed.incrementAndGet();
              return stored.subList(0, 2);
            });
    LazySnapshots second = first.plus(stored.get(2));

    Executor threads = task -> new Thread(task).start();
    CompletableFuture<List<Long>> ofFirst =
        CompletableFuture.supplyAsync(() -> snapshots(first, stored.get(1), both), threads);
    CompletableFuture<List<Long>> ofSecond =
        CompletableFuture.supplyAsync(() -> snapshots(second, stored.get(2), both), threads);

    assertThat(ofFirst.join()).isEqualTo(ids(stored.subList(0, 2)));
    assertThat(ofSecond.join()).isEqualTo(ids(stored));
    assertThat(parsed).hasValue(1);
  }

  @Test
  void snapshotsThatCannotBeParsedFailEachTime() {
    TableMetadata newest = withOnly(file.current().currentSnapshot());
    TableMetadata broken =
        LazySnapshots.parsedBy(
                () -> {
                  throw new IllegalArgumentException("damaged");
                })
            .metadata(newest);

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(broken::snapshots).hasMessage("damaged");
    }
    assertThat(broken.currentSnapshot()).isSameAs(newest.currentSnapshot());
  }

  @Test
  void aReopenedTableWithATagHasTheSnapshotsOfItsFile() throws IOException {
    long first = file.current().snapshots().get(0).snapshotId();
    file.change(draft -> draft.table().manageSnapshots().createTag("kept", first).commit());

    publishAndCompare(4);
  }

  @Test
  void aReopenedTableThatWasRolledBackHasTheSnapshotsOfItsFile() throws IOException {
    long first = file.current().snapshots().get(0).snapshotId();
    file.change(draft -> draft.table().manageSnapshots().rollbackTo(first).commit());

    publishAndCompare(4);
    assertThat(file.current().currentSnapshot().summary()).containsEntry("total-data-files", "2");
  }

  @Test
  void aReopenedTableOfFormatThreeHasTheSnapshotsOfItsFile() throws IOException {
    file.change(draft -> draft.table().updateProperties().set("format-version", "3").commit());

    publishAndCompare(4);
    assertThat(file.current().nextRowId()).isPositive();
  }

  /** Publishes to the table as another process knows it. */
  private void publishAndCompare(int snapshots) throws IOException {
    fixture.reopen();
    fixture.publish("one more", 1, 1);

    assertThat(TableMetadataParser.toJson(file.current())).isEqualTo(file.text());
    assertThat(file.current().snapshots()).hasSize(snapshots);
  }

  private List<Long> snapshots(LazySnapshots all, Snapshot newest, CountDownLatch both) {
    TableMetadata metadata = all.metadata(withOnly(newest));
    both.countDown();
    try {
      both.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return ids(metadata.snapshots());
  }

  private TableMetadata withOnly(Snapshot snapshot) {
    TableMetadata current = file.current();
    return TableMetadata.buildFrom(
            TableMetadata.newTableMetadata(
                current.schema(), current.spec(), current.location(), current.properties()))
        .setBranchSnapshot(snapshot, "main")
        .discardChanges()
        .withMetadataLocation("a.metadata.json")
        .build();
  }

  private static List<Long> ids(List<Snapshot> snapshots) {
    return snapshots.stream().map(Snapshot::snapshotId).toList();
  }
}
