package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.ledger.CommitDraft;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataTimeTest {
  private TableFixture fixture;

  @BeforeEach
  void setUp(@TempDir Path folder) {
    fixture = new TableFixture(folder);
  }

  @Test
  void everyTimeInMetadataIsOfTheMeshsClock() {
    Instant created = Instant.parse("2001-02-03T04:05:06.789Z");
    fixture.mesh.setClock(created);
    fixture.createBoth();
    fixture.mesh.pass(Duration.ofHours(1));
    fixture.publish("p1", 1, 1);

    TableMetadata metadata = metadata();
    long published = created.plus(Duration.ofHours(1)).toEpochMilli();
    assertThat(metadata.lastUpdatedMillis()).isEqualTo(published);
    assertThat(metadata.currentSnapshot().timestampMillis()).isEqualTo(published);
    assertThat(metadata.snapshotLog())
        .extracting(HistoryEntry::timestampMillis)
        .containsExactly(published);
    assertThat(metadata.previousFiles())
        .extracting(TableMetadata.MetadataLogEntry::timestampMillis)
        .containsExactly(created.toEpochMilli());
  }

  @Test
  void metadataTimesIncreaseAlthoughTheClockIsSetForwardAndBack() {
    fixture.createBoth();
    Instant start = fixture.mesh.now();
    List<Duration> jumps =
        List.of(
            Duration.ofSeconds(1),
            Duration.ofDays(700),
            Duration.ofDays(-700),
            Duration.ofDays(20),
            Duration.ofDays(701),
            Duration.ZERO,
            Duration.ofDays(-1));
    List<Long> times = new ArrayList<>();
    times.add(metadata().lastUpdatedMillis());
    for (Duration jump : jumps) {
      fixture.mesh.setClock(start.plus(jump));
      fixture.publish("p" + times.size(), 1, 1);
      times.add(metadata().lastUpdatedMillis());
    }

    assertThat(times).isSorted().doesNotHaveDuplicates();
    TableMetadata metadata = metadata();
    List<Long> published = times.subList(1, times.size());
    assertThat(metadata.snapshots())
        .extracting(Snapshot::timestampMillis)
        .containsExactlyElementsOf(published);
    assertThat(metadata.snapshotLog())
        .extracting(HistoryEntry::timestampMillis)
        .containsExactlyElementsOf(published);
    assertThat(metadata.previousFiles())
        .extracting(TableMetadata.MetadataLogEntry::timestampMillis)
        .containsExactlyElementsOf(times.subList(0, times.size() - 1));
  }

  @Test
  void aRestoredSnapshotKeepsItsTimeAndIsLoggedAtTheCurrentTime() {
    fixture.createBoth();
    fixture.mesh.setClock(Instant.parse("2028-06-01T00:00:00Z"));
    fixture.publish("p1", 1, 1);
    long first = metadata().currentSnapshot().snapshotId();
    long firstTime = metadata().currentSnapshot().timestampMillis();
    fixture.mesh.pass(Duration.ofDays(1));
    fixture.publish("p2", 1, 1);
    fixture.mesh.pass(Duration.ofDays(1));
    fixture.commit(
        attempt -> {
          TableDraft table = fixture.tables.draft(fixture.rows, attempt);
          table.table().manageSnapshots().rollbackTo(first).commit();
          CommitDraft<Long> draft = fixture.draft("product.rolled-back");
          table.stage(draft);
          return draft.result(1L);
        });

    TableMetadata metadata = metadata();
    assertThat(metadata.currentSnapshot().snapshotId()).isEqualTo(first);
    assertThat(metadata.currentSnapshot().timestampMillis()).isEqualTo(firstTime);
    assertThat(metadata.snapshotLog().get(metadata.snapshotLog().size() - 1).timestampMillis())
        .isEqualTo(fixture.mesh.now().toEpochMilli());
  }

  private TableMetadata metadata() {
    return ((HasTableOperations) fixture.tables.load(fixture.rows)).operations().current();
  }
}
