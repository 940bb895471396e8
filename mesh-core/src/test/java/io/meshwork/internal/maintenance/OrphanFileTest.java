package io.meshwork.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.table.TableFolders;
import java.util.List;
import org.apache.iceberg.io.FileInfo;
import org.junit.jupiter.api.Test;

class OrphanFileTest {
  private static final String ATTEMPT = "01a20dde-cb8c-79c3-b83f-c32de536a811";

  @Test
  void aMetadataFileBelongsToItsAttemptWhetherOrNotItIsCompressed() {
    TableFolders folders = new TableFolders(List.of("mesh:/data/commerce/orders_v1"));
    for (String end : new String[] {".metadata.json", ".gz.metadata.json"}) {
      String location = "mesh:/data/commerce/orders_v1/metadata/01000-" + ATTEMPT + end;
      OrphanFile file = OrphanFile.of(new FileInfo(location, 10, 0), folders);

      assertThat(file.owner()).isEqualTo(OrphanFile.Owner.ATTEMPT);
      assertThat(file.id()).isEqualTo(ATTEMPT);
      assertThat(file.number()).contains(1_000L);
      OrphanFile unfinished = OrphanFile.of(new FileInfo(location + ".tmp", 10, 0), folders);
      assertThat(unfinished.id()).isEqualTo(ATTEMPT);
      assertThat(unfinished.isMetadataFile()).isFalse();
    }
  }

  @Test
  void aFileOfRowsIsThatOfItsPublishWhateverItsDomainItsPlaceOrItsPartitionIsCalled() {
    for (String folder :
        List.of(
            "mesh:/data/metadata/orders_v1",
            "mesh:/metadata/data/sales/orders_v1",
            "mesh:/snap-disk/data/archive/metadata_v1")) {
      TableFolders folders = new TableFolders(List.of(folder));
      for (String below : List.of("data/", "data/metadata/", "data/city=snap-/")) {
        FileInfo file = new FileInfo(folder + "/" + below + ATTEMPT + "-0.parquet", 10, 0);

        assertThat(OrphanFile.of(file, folders).owner()).isEqualTo(OrphanFile.Owner.PUBLISH);
        assertThat(folders.isData(file.location())).isTrue();
      }
    }
  }
}
