package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.VersionedDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendedSnapshotTest {
  private static final String UNKNOWN = "\"x-unknown\":\"\\\"]},[{ñ\"";

  private TableFixture fixture;
  private FixtureMetadata file;

  @BeforeEach
  void setUp(@TempDir Path folder) {
    fixture = new TableFixture(folder);
    file = new FixtureMetadata(fixture);
    fixture.createBoth();
  }

  @Test
  void aPublishCopiesTheJsonOfEarlierSnapshots() throws IOException {
    fixture.publish("p1", 1, 1);
    fixture.publish("p2", 1, 1);
    markSnapshots();
    fixture.reopen();
    assertThat(marks()).isEqualTo(2);

    for (int publish = 3; publish < 6; publish++) {
      fixture.publish("p" + publish, 1, 1);

      assertThat(marks()).isEqualTo(2);
      assertThat(metadata().snapshots()).hasSize(publish);
    }
  }

  @Test
  void aPublishCopiesTheJsonOfTheSnapshotLog() throws IOException {
    fixture.publish("p1", 1, 1);
    fixture.publish("p2", 1, 1);
    replaceFile(text().replace("{\"timestamp-ms\"", "{" + UNKNOWN + ",\"timestamp-ms\""));
    fixture.reopen();

    for (int publish = 3; publish < 6; publish++) {
      fixture.publish("p" + publish, 1, 1);

      String log =
          text()
              .substring(text().indexOf("\"snapshot-log\""), text().indexOf("],\"metadata-log\""));
      assertThat(log.split("x-unknown", -1)).hasSize(3);
      assertThat(log.split("snapshot-id", -1)).hasSize(publish + 1);
      assertThat(metadata().snapshotLog()).hasSize(publish);
      assertThat(TableMetadataParser.fromJson(text()).snapshotLog())
          .isEqualTo(metadata().snapshotLog());
    }
  }

  @Test
  void theMetadataThatAProcessKeepsIsThatOfItsFile() throws IOException {
    for (int publish = 1; publish < 5; publish++) {
      fixture.publish("p" + publish, publish, 1);

      TableMetadata kept = metadata();
      TableMetadata stored = TableMetadataParser.fromJson(kept.metadataFileLocation(), text());
      assertThat(TableMetadataParser.toJson(kept)).isEqualTo(TableMetadataParser.toJson(stored));
      assertThat(kept.metadataFileLocation()).isEqualTo(stored.metadataFileLocation());
      assertThat(kept.changes()).isEmpty();
      assertThat(text()).isEqualTo(TableMetadataParser.toJson(stored));
    }
    assertThat(fixture.publishes(fixture.rows)).containsExactly("p1", "p2", "p3", "p4");
  }

  @Test
  void anUpdateOfAnotherKindIsWrittenCompletely() throws IOException {
    fixture.publish("p1", 1, 1);
    fixture.publish("p2", 1, 1);
    markSnapshots();
    fixture.reopen();
    fixture.commit(
        attempt -> {
          CommitDraft<Long> draft = fixture.draft("product.changed");
          fixture
              .tables
              .draft(fixture.rows, attempt)
              .setProperties(Map.of("a", "b"))
              .append(List.of(fixture.dataFile(fixture.rows, "p3", 1)), Map.of())
              .stage(draft);
          return draft.result(1L);
        });

    assertThat(marks()).isZero();
    assertThat(metadata().properties()).containsEntry("a", "b");
    assertThat(metadata().snapshots()).hasSize(3);
  }

  @Test
  void theManifestsThatAVersionReadAreNotKeptByTheNext() {
    fixture.publish("p1", 1, 1);
    fixture.publish("p2", 1, 1);
    List<ManifestFile> read = manifestsOfTheFirst();
    assertThat(manifestsOfTheFirst()).isSameAs(read);

    fixture.publish("p3", 1, 1);

    assertThat(manifestsOfTheFirst()).isEqualTo(read).isNotSameAs(read);
    assertThat(metadata().snapshots()).hasSize(3);
  }

  @Test
  void theNewestOfManySnapshotsStatesWhatReadsAskOfItsAncestors() {
    for (int i = 0; i < 20; i++) {
      fixture.publish("p" + i, 1, 1);
    }
    assertThat(metadata().currentSnapshot().summary())
        .doesNotContainKeys(CompletenessStatement.PROPERTY, BrokenRules.PROPERTY);

    fixture.publish("p20", 1, 1);

    assertThat(metadata().currentSnapshot().summary())
        .containsEntry(CompletenessStatement.PROPERTY, "")
        .containsEntry(BrokenRules.PROPERTY, "");
  }

  @Test
  void thePointerOfATableOfManySnapshotsHasTheNewestOne() throws IOException {
    for (int i = 0; i < 20; i++) {
      fixture.publish("p" + i, 1, 1);
    }
    assertThat(fixture.tables.newestSnapshot(fixture.rows)).isEmpty();

    fixture.publish("p20", 1, 1);
    Snapshot stored = metadata().currentSnapshot();
    Files.delete(file.file());
    fixture.reopen();

    assertThat(fixture.tables.newestSnapshot(fixture.rows))
        .hasValueSatisfying(
            newest -> {
              assertThat(newest.snapshotId()).isEqualTo(stored.snapshotId());
              assertThat(newest.sequenceNumber()).isEqualTo(stored.sequenceNumber());
              assertThat(newest.timestampMillis()).isEqualTo(stored.timestampMillis());
              assertThat(newest.operation()).isEqualTo(stored.operation());
              assertThat(newest.summary()).isEqualTo(stored.summary());
            });
  }

  @Test
  void aSnapshotInThePointerThatIsNotTheNewestIsFound() {
    for (int i = 0; i < 21; i++) {
      fixture.publish("p" + i, 1, 1);
    }
    assertThat(differences()).isEmpty();
    changePointer(
        json ->
            json.put(
                "newestSnapshot",
                json.path("newestSnapshot").asText().replace("\"p20\"", "\"p21\"")));

    assertThat(differences()).singleElement().asString().startsWith("newest snapshot is ");

    changePointer(
        json ->
            json.put(
                "newestSnapshot",
                json.path("newestSnapshot")
                    .asText()
                    .replace(json.path("snapshotId").asText(), "7")));
    assertThat(fixture.tables.newestSnapshot(fixture.rows)).isEmpty();
    assertThat(differences()).as("left by a version that does not know it").isEmpty();

    changePointer(json -> json.put("newestSnapshot", "{"));
    assertThat(fixture.tables.newestSnapshot(fixture.rows)).isEmpty();
    assertThat(differences()).hasSize(1);
  }

  private List<String> differences() {
    return fixture.tables.pin(fixture.rows.key()).orElseThrow().differences();
  }

  private void changePointer(Consumer<ObjectNode> change) {
    fixture.commit(
        attempt -> {
          CommitDraft<Long> draft = fixture.draft("product.changed");
          VersionedDocument pointer = fixture.mesh.ledger.read(fixture.rows.key()).orElseThrow();
          ObjectNode json = pointer.json().deepCopy();
          change.accept(json);
          draft.replace(pointer, json);
          return draft.result(1L);
        });
  }

  @Test
  void anOpenedTableParsesEarlierSnapshotsOnlyWhenTheyAreAskedFor() throws IOException {
    fixture.publish("p1", 1, 1);
    fixture.publish("p2", 1, 1);
    Snapshot first = metadata().snapshots().get(0);
    Snapshot newest = metadata().currentSnapshot();
    replaceFile(text().replace("\"snapshot-id\":" + first.snapshotId() + ",\"timestamp", "\"no"));
    fixture.reopen();

    TableMetadata opened = metadata();
    assertThat(opened.currentSnapshot().snapshotId()).isEqualTo(newest.snapshotId());
    assertThat(opened.currentSnapshot().summary()).isEqualTo(newest.summary());
    assertThatThrownBy(opened::snapshots).hasMessageContaining("snapshot-id");
  }

  @Test
  void aPublishToManySnapshotsParsesTheNewestOnly() throws IOException {
    for (int i = 0; i < 21; i++) {
      fixture.publish("p" + i, 1, 1);
    }
    Snapshot first = metadata().snapshots().get(0);
    replaceFile(text().replace("\"snapshot-id\":" + first.snapshotId() + ",\"timestamp", "\"no"));
    fixture.reopen();

    fixture.publish("p21", 1, 1);
    fixture.publish("p22", 1, 1);

    assertThat(metadata().snapshotLog()).hasSize(23);
    assertThat(metadata().currentSnapshot().summary()).containsEntry("total-data-files", "23");
    assertThatThrownBy(() -> metadata().snapshots()).hasMessageContaining("snapshot-id");
  }

  @Test
  void snapshotsOfThisProcessAndThoseThatAreParsedLaterAreThoseOfTheFile() throws IOException {
    fixture.publish("p1", 1, 1);
    fixture.publish("p2", 1, 1);
    fixture.reopen();
    fixture.publish("p3", 1, 1);
    fixture.publish("p4", 1, 1);

    Snapshot newest = metadata().currentSnapshot();
    assertThat(TableMetadataParser.toJson(metadata())).isEqualTo(text());
    assertThat(metadata().currentSnapshot()).isSameAs(newest);
    fixture.publish("p5", 1, 1);
    assertThat(TableMetadataParser.toJson(metadata())).isEqualTo(text());
    assertThat(fixture.publishes(fixture.rows)).containsExactly("p1", "p2", "p3", "p4", "p5");
  }

  @Test
  void anUpdateAfterAnAppendHasAllSnapshots() throws IOException {
    for (int i = 1; i < 5; i++) {
      fixture.publish("p" + i, 1, 1);
    }
    fixture.reopen();
    long first = metadata().snapshots().get(0).snapshotId();
    fixture.reopen();

    file.change(
        draft -> {
          draft.append(List.of(fixture.dataFile(fixture.rows, "p5", 1)), Map.of());
          assertThat(draft.table().snapshots()).hasSize(5);
          draft.append(List.of(fixture.dataFile(fixture.rows, "p6", 1)), Map.of());
          draft.removeSnapshots(Set.of(first));
        });

    assertThat(metadata().snapshots()).hasSize(5);
    assertThat(TableMetadataParser.fromJson(text()).snapshots()).hasSize(5);
    assertThat(metadata().currentSnapshot().summary()).containsEntry("total-data-files", "6");
  }

  @Test
  void snapshotsThatAreParsedLaterAreThoseOfTheFile() throws IOException {
    fixture.publish("p1", 1, 1);
    fixture.publish("p2", 1, 1);
    fixture.publish("p3", 1, 1);
    fixture.reopen();

    TableMetadata opened = metadata();
    Snapshot newest = opened.currentSnapshot();
    assertThat(TableMetadataParser.toJson(opened)).isEqualTo(text());
    assertThat(opened.snapshots()).hasSize(3);
    assertThat(opened.currentSnapshot()).isSameAs(newest);
  }

  private List<ManifestFile> manifestsOfTheFirst() {
    Snapshot first = metadata().snapshots().get(0);
    return first.allManifests(fixture.files);
  }

  /** Adds a field that Iceberg does not know to each snapshot in the metadata file. */
  private void markSnapshots() throws IOException {
    replaceFile(text().replace("{\"sequence-number\"", "{" + UNKNOWN + ",\"sequence-number\""));
  }

  private void replaceFile(String marked) throws IOException {
    file.replace(marked);
  }

  private int marks() throws IOException {
    return text().split("x-unknown", -1).length - 1;
  }

  private String text() throws IOException {
    return file.text();
  }

  private TableMetadata metadata() {
    return file.current();
  }
}
