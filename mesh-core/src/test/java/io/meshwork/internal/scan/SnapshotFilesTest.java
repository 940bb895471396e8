package io.meshwork.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.internal.table.Manifests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.PartitionSpec;
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

class SnapshotFilesTest {
  private static final String PUBLISH = "0199-aa";

  private final InMemoryCatalog catalog = new InMemoryCatalog();

  @BeforeEach
  void open() {
    catalog.initialize("memory", Map.of());
    catalog.createNamespace(Namespace.of("shop"));
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
  }

  @Test
  void filesOfOneCommitAreInTheOrderInWhichTheyWereWritten() {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      // Partitions whose names are not in the order in which they were written.
      String partition = String.format(Locale.ROOT, "day=%03d", 119 - i);
      written.add("/mesh/data/" + partition + "/" + PUBLISH + "-" + i + ".parquet");
    }
    assertThat(sorted(written.stream().sorted().toList())).isEqualTo(written);
  }

  @Test
  void filesOfOtherWritersAreOrderedByName() {
    assertThat(sorted(List.of("/b/part-x.parquet", "/c/9-2.orc", "/a/part-x.parquet")))
        .containsExactly("/a/part-x.parquet", "/b/part-x.parquet", "/c/9-2.orc");
  }

  @Test
  void aSnapshotWithDeletesOfAnEngineHasNoFilesToRead() {
    PartitionSpec spec = PartitionSpec.unpartitioned();
    List<DeleteFile> deletes =
        List.of(
            FileMetadata.deleteFileBuilder(spec)
                .ofPositionDeletes()
                .withPath("/mesh/p.parquet")
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(1)
                .withRecordCount(1)
                .build(),
            FileMetadata.deleteFileBuilder(spec)
                .ofEqualityDeletes(1)
                .withPath("/mesh/e.parquet")
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(1)
                .withRecordCount(1)
                .build(),
            FileMetadata.deleteFileBuilder(spec)
                .ofPositionDeletes()
                .withPath("/mesh/v.puffin")
                .withFormat(FileFormat.PUFFIN)
                .withFileSizeInBytes(9)
                .withRecordCount(1)
                .withReferencedDataFile("/mesh/a.parquet")
                .withContentOffset(4)
                .withContentSizeInBytes(5)
                .build());
    for (DeleteFile delete : deletes) {
      Table table = table(delete.format() == FileFormat.PUFFIN ? 3 : 2);
      table.newAppend().appendFile(file("/mesh/a.parquet")).commit();
      table.newRowDelta().addDeletes(delete).commit();
      Snapshot deleting = table.currentSnapshot();
      table.newAppend().appendFile(file("/mesh/b.parquet")).commit();
      Snapshot newest = table.currentSnapshot();

      for (Snapshot snapshot : List.of(deleting, newest)) {
        assertThatThrownBy(() -> SnapshotFiles.of(table, snapshot))
            .as(delete.location())
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("files of deleted rows");
        assertThatThrownBy(() -> SnapshotFiles.added(table, snapshot))
            .as(delete.location())
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("snapshot " + snapshot.snapshotId());
        assertThat(Manifests.ofData(table, snapshot)).isNotEmpty();
      }

      table
          .newRewrite()
          .validateFromSnapshot(newest.snapshotId())
          .deleteFile(file("/mesh/a.parquet"))
          .deleteFile(delete)
          .addFile(file("/mesh/c.parquet"))
          .commit();
      assertThat(SnapshotFiles.of(table, table.currentSnapshot()))
          .extracting(DataFile::location)
          .containsExactlyInAnyOrder("/mesh/b.parquet", "/mesh/c.parquet");
    }
  }

  @Test
  void filesSinceASnapshotAreReadFromNewManifestsOnly() {
    Table table = table(2);
    table.newAppend().appendFile(file("/mesh/a.parquet")).commit();
    Snapshot earlier = table.currentSnapshot();
    table.newAppend().appendFile(file("/mesh/b.parquet")).commit();
    table.newAppend().appendFile(file("/mesh/c.parquet")).commit();
    Snapshot newest = table.currentSnapshot();
    Manifests.ofData(table, earlier).forEach(known -> table.io().deleteFile(known.path()));

    assertThat(SnapshotFiles.since(table, newest, earlier))
        .extracting(DataFile::location)
        .containsExactlyInAnyOrder("/mesh/b.parquet", "/mesh/c.parquet");
    assertThat(SnapshotFiles.since(table, newest, newest)).isEmpty();
    assertThatThrownBy(() -> SnapshotFiles.of(table, newest)).isInstanceOf(BackendException.class);
  }

  @Test
  void filesSinceASnapshotIncludeThoseOfMergedManifests() {
    Table table = table(2);
    table.newAppend().appendFile(file("/mesh/a.parquet")).commit();
    Snapshot earlier = table.currentSnapshot();
    table.newAppend().appendFile(file("/mesh/b.parquet")).commit();
    table.rewriteManifests().clusterBy(each -> "").commit();

    assertThat(SnapshotFiles.since(table, table.currentSnapshot(), earlier))
        .extracting(DataFile::location)
        .containsExactlyInAnyOrder("/mesh/a.parquet", "/mesh/b.parquet");
  }

  private Table table(int version) {
    return catalog.createTable(
        TableIdentifier.of("shop", "orders" + catalog.listTables(Namespace.of("shop")).size()),
        new Schema(Types.NestedField.required(1, "id", Types.LongType.get())),
        PartitionSpec.unpartitioned(),
        Map.of("format-version", Integer.toString(version)));
  }

  private static List<String> sorted(List<String> locations) {
    return SnapshotFiles.inWrittenOrder(locations.stream().map(SnapshotFilesTest::file).toList())
        .stream()
        .map(DataFile::location)
        .toList();
  }

  private static DataFile file(String location) {
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(location)
        .withFileSizeInBytes(1)
        .withRecordCount(1)
        .build();
  }
}
