package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appends of thousands of files in one snapshot. */
class LargeAppendTest {
  private TableFixture fixture;

  @BeforeEach
  void createTables(@TempDir Path folder) {
    fixture = new TableFixture(folder);
    fixture.createBoth();
  }

  @Test
  void thousandsOfFilesAreAppendedByManifests() {
    append(entries("few", 3));
    append(entries("many", 4_500));
    append(entries("more", 2));

    Table table = fixture.tables.load(fixture.rows);
    Snapshot many = table.snapshot(table.currentSnapshot().parentId());
    assertThat(many.summary())
        .containsEntry("added-data-files", "4500")
        .containsEntry("added-records", "22500")
        .containsEntry("total-data-files", "4503");
    assertThat(many.allManifests(table.io()))
        .filteredOn(manifest -> manifest.snapshotId() == many.snapshotId())
        .extracting(ManifestFile::addedFilesCount)
        .containsExactlyInAnyOrder(2_000, 2_000, 500);
    TableState state = TableState.of(table);
    assertThat(state.files()).isEqualTo(4_505);
    assertThat(state.rows()).isEqualTo(22_525);
    assertThat(state.bytes()).isEqualTo(18_020);
    List<DataFile> files = fixture.dataFiles(fixture.rows);
    assertThat(files).hasSize(4_505);
    assertThat(files)
        .filteredOn(file -> file.location().contains("many"))
        .allSatisfy(
            file -> {
              assertThat(file.recordCount()).isEqualTo(5);
              assertThat(file.dataSequenceNumber()).isEqualTo(many.sequenceNumber());
            });
    assertNoStrayMetadata();
  }

  @Test
  void anAppendByManifestsThatIsNotCommittedLeavesNone() {
    assertThatThrownBy(
            () ->
                fixture.commit(
                    attempt -> {
                      draft(attempt, entries("many", 2_001));
                      throw Failure.of(MeshAction.of(Verb.FIND, "a document"))
                          .because("it does not exist")
                          .notFound(ErrorCode.NOT_FOUND);
                    }))
        .isInstanceOf(NotFoundException.class);

    assertNoStrayMetadata();
  }

  @Test
  void aFileOfFiftyColumnsTakesFewBytes() throws IOException {
    Metrics metrics = metrics(50);
    DataFileEntry entry = new DataFileEntry("a/b", 4, 1_000, metrics, List.of(4L), null);

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(entry);
    }
    assertThat(bytes.size()).isLessThan(50 * 40 + 1_000);
    assertThat(entry.metrics()).usingRecursiveComparison().isEqualTo(metrics);
    assertThat(entry)
        .isEqualTo(new DataFileEntry("a/b", 4, 1_000, metrics(50), List.of(4L), null))
        .isNotEqualTo(new DataFileEntry("a/b", 4, 1_000, metrics(49), List.of(4L), null));
  }

  private static Metrics metrics(int columns) {
    Map<Integer, Long> sizes = new HashMap<>();
    Map<Integer, Long> counts = new HashMap<>();
    Map<Integer, ByteBuffer> bounds = new HashMap<>();
    for (int column = 1; column <= columns; column++) {
      sizes.put(column, column * 1_000_003L);
      counts.put(column, 1_000L);
      bounds.put(column, ByteBuffer.wrap(new byte[] {1, -1, 3, 4, 5, 6, 7, (byte) column}));
    }
    return new Metrics(1_000L, sizes, counts, counts, null, bounds, bounds);
  }

  private List<DataFileEntry> entries(String publish, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> fixture.dataFile(fixture.rows, publish + i, 5))
        .toList();
  }

  private void append(List<DataFileEntry> entries) {
    fixture.commit(
        attempt -> {
          CommitDraft<Long> draft = fixture.draft("product.published");
          draft(attempt, entries).stage(draft);
          return draft.result(attempt.sequence());
        });
  }

  private TableDraft draft(Ledger.Attempt attempt, List<DataFileEntry> entries) {
    return fixture.tables.draft(fixture.rows, attempt).append(entries, Map.of());
  }

  private void assertNoStrayMetadata() {
    Stream.of(fixture.rows, fixture.bad)
        .forEach(
            name ->
                assertThat(fixture.metadataFiles(name)).isEqualTo(fixture.reachableMetadata(name)));
  }
}
