package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.metadata.GzipMetadata;
import io.meshwork.internal.metadata.MetadataContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableProperties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GzipMetadataTest {
  /** So that the text of few snapshots has 64 KiB. */
  private static final String LONG = "p".repeat(2_000);

  private TableFixture fixture;
  private FixtureMetadata metadata;

  @BeforeEach
  void setUp(@TempDir Path folder) {
    fixture = new TableFixture(folder);
    metadata = new FixtureMetadata(fixture);
    MeshFormat.ensure(fixture.mesh.ledger);
    fixture.createBoth();
  }

  @Test
  void aTableOfManySnapshotsHasCompressedFilesThatIcebergReads() throws IOException {
    publish(60);

    assertThat(file().toString()).endsWith(".gz.metadata.json");
    TableMetadata kept = metadata();
    TableMetadata read = TableMetadataParser.read(fixture.files, file().toString());
    assertThat(TableMetadataParser.toJson(kept)).isEqualTo(TableMetadataParser.toJson(read));
    assertThat(read.snapshots()).hasSize(60);
    assertThat(read.snapshotLog()).hasSize(60);
    assertThat(text()).isEqualTo(TableMetadataParser.toJson(read));
    assertThat(Files.size(file())).isLessThan(text().length() / 4);
  }

  @Test
  void anotherProcessContinuesACompressedFile() throws IOException {
    publish(50);
    List<Long> first = snapshots();
    fixture.reopen();

    publish(2);

    assertThat(snapshots()).hasSize(52).startsWith(first.toArray(Long[]::new));
    assertThat(text())
        .isEqualTo(
            TableMetadataParser.toJson(TableMetadataParser.read(fixture.files, file().toString())));
    assertThat(fixture.tables.pin(fixture.rows.key()).orElseThrow().differences()).isEmpty();
  }

  @Test
  void unknownFieldsOfEarlierSnapshotsAreKept() throws IOException {
    publish(50);
    Path file = file();
    metadata.replace(
        text().replace("{\"sequence-number\"", "{\"x-new\":\"]}{\",\"sequence-number\""));
    fixture.reopen();

    for (int i = 1; i < 4; i++) {
      publish(1);

      assertThat(file().toString()).endsWith(".gz.metadata.json").isNotEqualTo(file.toString());
      assertThat(text().split("x-new", -1)).hasSize(51);
      assertThat(snapshots()).hasSize(50 + i);
    }
  }

  @Test
  void theFileIsPlainAgainWhenFewSnapshotsAreLeft() throws IOException {
    publish(50);
    assertThat(file().toString()).endsWith(".gz.metadata.json");
    Set<Long> expired = new HashSet<>(snapshots().subList(0, 40));
    change(draft -> draft.removeSnapshots(expired));

    assertThat(file().toString()).doesNotContain(".gz.");
    assertThat(Files.readString(file())).startsWith("{");
    assertThat(snapshots()).hasSize(10);
    publish(1);
    assertThat(snapshots()).hasSize(11);
  }

  @Test
  void anUpdateOfAnotherKindIsCompressedToo() throws IOException {
    publish(50);
    change(draft -> draft.setProperties(Map.of("a", "b")));

    assertThat(file().toString()).endsWith(".gz.metadata.json");
    assertThat(TableMetadataParser.read(fixture.files, file().toString()).properties())
        .containsEntry("a", "b");
    publish(1);
    assertThat(TableMetadataParser.read(fixture.files, file().toString()).snapshots()).hasSize(51);
  }

  @Test
  void theTablesPropertyTurnsItOffAndOn() throws IOException {
    change(draft -> draft.setProperties(Map.of(TableProperties.METADATA_COMPRESSION, "none")));
    publish(50);
    assertThat(Files.readString(file())).startsWith("{");

    change(draft -> draft.setProperties(Map.of(TableProperties.METADATA_COMPRESSION, "GZIP")));

    assertThat(file().toString()).endsWith(".gz.metadata.json");
    assertThat(snapshots()).hasSize(50);
  }

  @Test
  void onlyTablesThatEnginesReachThroughTheirCatalogAreCompressed() {
    assertThat(TableSettings.of("s3://bucket/data/t", Map.of()))
        .containsEntry(TableProperties.METADATA_COMPRESSION, "none");
    assertThat(TableSettings.of("mesh:/data/t", Map.of()))
        .containsEntry(TableProperties.METADATA_COMPRESSION, "gzip");
    assertThat(
            TableSettings.of("mesh:/data/t", Map.of(TableProperties.METADATA_COMPRESSION, "none")))
        .containsEntry(TableProperties.METADATA_COMPRESSION, "none");
    Map<String, String> moved = Map.of(TableProperties.METADATA_COMPRESSION, "gzip");
    assertThat(GzipMetadata.nameEnd("s3://bucket/data/t", moved, 1 << 20))
        .isEqualTo(".metadata.json");
    assertThat(GzipMetadata.nameEnd("mesh:/data/t", moved, 1 << 20)).isEqualTo(".gz.metadata.json");
  }

  @Test
  void aDamagedFileIsReported() throws IOException {
    publish(50);
    Path file = file();
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
    fixture.reopen();

    assertThatThrownBy(() -> fixture.tables.load(fixture.rows))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.DATA_DAMAGED));
  }

  @Test
  void aSmallFileWithALongTextIsRefusedByName() throws IOException {
    publish(50);
    ByteArrayOutputStream hostile = new ByteArrayOutputStream();
    byte[] text = new byte[(int) MetadataContent.limit() + 1];
    GzipMetadata.content("a.gz.metadata.json", text).forEach(hostile::writeBytes);
    Path file = file();
    Files.write(file, hostile.toByteArray());
    fixture.reopen();

    assertThatThrownBy(() -> fixture.tables.load(fixture.rows))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.BACKEND_FAILED);
              assertThat(e.retryable()).isFalse();
            })
        .hasMessageContainingAll(
            file.getFileName().toString(), String.valueOf(MetadataContent.limit()), "-Xmx");
    assertThat(hostile.size()).isLessThan(1 << 20);
  }

  @Test
  void aPlainFileIsNotReadBeyondItsLimitEither() throws IOException {
    publish(1);
    String location = file().toString();
    MeshAction action = MeshAction.of(Verb.OPEN, "a table");
    long length = Files.size(file());

    assertThat(MetadataContent.read(fixture.files, location, action, length).text())
        .hasSize((int) length);
    assertThatThrownBy(() -> MetadataContent.read(fixture.files, location, action, length - 1))
        .isInstanceOf(BackendException.class)
        .hasMessageContainingAll(file().getFileName().toString(), "more than " + (length - 1));
  }

  @Test
  void aTextThatFillsTheHeapWhenItIsParsedIsRefusedByName() {
    assertThatThrownBy(
            () ->
                MetadataContent.inMemory(
                    "folder/7.metadata.json",
                    MeshAction.of(Verb.OPEN, "a table"),
                    () -> {
                      throw new OutOfMemoryError("heap");
                    }))
        .isInstanceOf(BackendException.class)
        .hasMessageContainingAll("file 7.metadata.json", "-Xmx");
  }

  @Test
  void aTextThatThisProcessCouldNotReadIsNotWritten() {
    MeshAction action = MeshAction.of(Verb.UPDATE, "table a.b_v1");
    MetadataContent.requireShort(100, 100, action);

    assertThatThrownBy(() -> MetadataContent.requireShort(101, 100, action))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContainingAll("101 bytes", "100 bytes", "expire");
    assertThat(MetadataContent.limit(16L << 20)).isEqualTo(8L << 20);
    assertThat(MetadataContent.limit(1L << 30)).isEqualTo(64L << 20);
    assertThat(MetadataContent.limit(1L << 40)).isEqualTo(1L << 30);
  }

  @Test
  void aTextThatRepeatsOneCharacterIsReadAsItWasWritten() {
    byte[] text = new byte[4 << 20];
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    GzipMetadata.content("a.gz.metadata.json", text).forEach(file::writeBytes);

    assertThat(file.size()).isLessThan(text.length / 200);
    assertThat(GzipMetadata.text("a.gz.metadata.json", file.toByteArray(), 8 << 20))
        .isEqualTo(text);
    assertThat(GzipMetadata.text("a.gz.metadata.json", file.toByteArray(), 1 << 20))
        .hasSize(1 << 20);
  }

  @Test
  void theMeshHasTheFeatureSinceATableHasACompressedFile() {
    publish(20);
    assertThat(file().toString()).doesNotContain(".gz.");
    assertThat(MeshFormat.find(fixture.mesh.ledger).orElseThrow().readFeatures())
        .doesNotContain("compressed-metadata");

    publish(30);
    assertThat(file().toString()).endsWith(".gz.metadata.json");
    assertThat(MeshFormat.find(fixture.mesh.ledger).orElseThrow().readFeatures())
        .contains("compressed-metadata");

    fixture.reopen();
    publish(2);
    assertThat(fixture.mesh.ledger.entries("_mesh"))
        .extracting(entry -> entry.json().path("event").asText())
        .containsExactly("mesh.created", "mesh.format-changed");
  }

  private void publish(int times) {
    int before = metadata().snapshots().size();
    for (int i = 0; i < times; i++) {
      String id = "p" + (before + i);
      change(
          draft ->
              draft.append(
                  List.of(fixture.dataFile(fixture.rows, id, 1)), Map.of("long", id + LONG)));
    }
  }

  private void change(Consumer<TableDraft> update) {
    metadata.change(update);
  }

  private List<Long> snapshots() {
    return metadata().snapshots().stream().map(Snapshot::snapshotId).toList();
  }

  private String text() throws IOException {
    return metadata.text();
  }

  private Path file() {
    return metadata.file();
  }

  private TableMetadata metadata() {
    return metadata.current();
  }
}
