package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.ledger.MeshFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotParser;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The text of a metadata file of one more snapshot is what Iceberg writes for the same change.
 * Where the text of earlier snapshots is copied, a mark in the earlier file is copied too.
 */
class AppendedSnapshotTextTest {
  private static final String MARK = "\"x-mark\":\"]}{[\",";
  private static final String SNAPSHOT = "{\"sequence-number\"";

  private TableFixture fixture;
  private FixtureMetadata file;

  @BeforeEach
  void setUp(@TempDir Path folder) {
    fixture = new TableFixture(folder);
    file = new FixtureMetadata(fixture);
    MeshFormat.ensure(fixture.mesh.ledger);
    fixture.createBoth();
  }

  @Test
  void ofTheFirstAndTheNextPublishes() throws IOException {
    for (int i = 0; i < 4; i++) {
      assertThat(publishAndCompare()).isZero();
    }
  }

  @Test
  void ofAProcessThatReadTheEarlierFile() throws IOException {
    publish(3);

    assertThat(publishMarked()).isEqualTo(3 + 3);
    assertThat(publishAndCompare()).isEqualTo(3 + 3);
  }

  @Test
  void afterSnapshotsExpired() throws IOException {
    publish(4);
    change(
        draft ->
            draft.removeSnapshots(
                Set.of(snapshots().get(0).snapshotId(), snapshots().get(1).snapshotId())));
    assertThat(metadata().snapshots()).hasSize(2);

    assertThat(publishAndCompare()).isZero();
    assertThat(publishMarked()).isEqualTo(3 + 3);
  }

  @Test
  void afterARollback() throws IOException {
    publish(3);
    long first = snapshots().get(0).snapshotId();
    change(draft -> draft.table().manageSnapshots().rollbackTo(first).commit());
    assertThat(metadata().snapshotLog()).hasSize(4);

    assertThat(publishMarked()).isEqualTo(3 + 4);
    assertThat(publishAndCompare()).isEqualTo(3 + 4);
  }

  @Test
  void ofATableThatKeepsFewEarlierFilesAndHasARetention() throws IOException {
    change(
        draft ->
            draft.setProperties(
                Map.of(
                    "write.metadata.previous-versions-max", "2",
                    "text", "\"last-updated-ms\":1,\"snapshots\":[],\"snapshot-log\":[]")));
    publish(2);
    change(
        draft -> {
          draft.table().manageSnapshots().setMaxSnapshotAgeMs("main", 86_400_000).commit();
        });
    assertThat(metadata().previousFiles()).hasSize(2);

    assertThat(metadata().snapshotLog()).as("a change of main is logged").hasSize(3);
    assertThat(publishMarked()).isEqualTo(2 + 3);
    assertThat(metadata().previousFiles()).hasSize(2);
    assertThat(metadata().ref("main").maxSnapshotAgeMs()).isEqualTo(86_400_000L);
  }

  @Test
  void ofATableOfFormatThree() throws IOException {
    change(draft -> draft.setProperties(Map.of("format-version", "3")));
    change(draft -> draft.table().updateProperties().set("format-version", "3").commit());
    assertThat(metadata().formatVersion()).isEqualTo(3);
    publish(2);

    assertThat(publishMarked()).isEqualTo(2 + 2);
    assertThat(publishAndCompare()).isEqualTo(2 + 2);
    assertThat(metadata().nextRowId()).isEqualTo(4);
  }

  @Test
  void ofATableWithATagIsWrittenCompletely() throws IOException {
    publish(2);
    long first = snapshots().get(0).snapshotId();
    change(draft -> draft.table().manageSnapshots().createTag("kept", first).commit());

    assertThat(publishMarked()).isZero();
  }

  @Test
  void ofATableWhoseLogHasEntriesOfNoSnapshotIsWrittenCompletely() throws IOException {
    publish(2);
    replaceText(
        text()
            .replaceAll("\"current-snapshot-id\":\\d+", "\"current-snapshot-id\":-1")
            .replaceAll("\"refs\":\\{.*?\\}\\}", "\"refs\":{}")
            .replaceAll(
                "\"snapshots\":\\[.*\\],\"statistics\"", "\"snapshots\":[],\"statistics\""));
    assertThat(metadata().snapshots()).isEmpty();
    assertThat(metadata().snapshotLog()).hasSize(2);

    assertThat(publishAndCompare()).isZero();
    assertThat(metadata().snapshotLog()).hasSize(3);
  }

  @Test
  void ofACompressedFile() throws IOException {
    change(draft -> draft.setProperties(Map.of("long", "p".repeat(100))));
    publish(100);
    assertThat(metadata().metadataFileLocation()).endsWith(".gz.metadata.json");

    assertThat(publishAndCompare()).isZero();
    assertThat(publishMarked()).isEqualTo(101 + 101);
    for (int i = 0; i < 80; i++) {
      assertThat(publishAndCompare()).isEqualTo(101 + 101);
    }
  }

  private void publish(int times) {
    for (int i = 0; i < times; i++) {
      fixture.publish("p" + i, 1, 1);
    }
  }

  /** Publishes on a file with a mark in each snapshot and in each entry of the log. */
  private int publishMarked() throws IOException {
    replaceText(
        text()
            .replace(SNAPSHOT, "{" + MARK + SNAPSHOT.substring(1))
            .replaceAll(
                "\\{(\"timestamp-ms\":\\d+,\"snapshot-id\")",
                "{" + MARK.replace("\\", "\\\\") + "$1"));
    return publishAndCompare();
  }

  /** Publishes, compares the text with that of Iceberg, and returns the number of marks in it. */
  private int publishAndCompare() throws IOException {
    TableMetadata base = TableMetadataParser.fromJson(metadata().metadataFileLocation(), text());
    fixture.publish("one more", 1, 1);
    Snapshot added = metadata().currentSnapshot();
    TableMetadata expected =
        TableMetadata.buildFrom(base)
            .setBranchSnapshot(SnapshotParser.fromJson(SnapshotParser.toJson(added)), "main")
            .build();
    String json =
        TableMetadataParser.toJson(expected)
            .replaceFirst(
                "\"last-updated-ms\":" + expected.lastUpdatedMillis(),
                "\"last-updated-ms\":" + added.timestampMillis());
    assertThat(text().replace(MARK, "")).isEqualTo(json);
    TableMetadata stored = TableMetadataParser.fromJson(metadata().metadataFileLocation(), text());
    assertThat(TableMetadataParser.toJson(metadata()))
        .isEqualTo(TableMetadataParser.toJson(stored));
    return text().split("x-mark", -1).length - 1;
  }

  private void change(Consumer<TableDraft> update) {
    file.change(update);
  }

  private void replaceText(String text) throws IOException {
    file.replace(text);
    fixture.reopen();
  }

  private String text() throws IOException {
    return file.text();
  }

  private List<Snapshot> snapshots() {
    return metadata().snapshots();
  }

  private TableMetadata metadata() {
    return file.current();
  }
}
