package io.meshwork.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.iceberg.io.FileInfo;
import org.junit.jupiter.api.Test;

class OrphanFileTest {
  private static final String ATTEMPT = "01a20dde-cb8c-79c3-b83f-c32de536a811";
  private static final String FOLDER = "mesh:/data/commerce/orders_v1/metadata/";

  @Test
  void aMetadataFileBelongsToItsAttemptWhetherOrNotItIsCompressed() {
    for (String end : new String[] {".metadata.json", ".gz.metadata.json"}) {
      String location = FOLDER + "01000-" + ATTEMPT + end;
      OrphanFile file = OrphanFile.of(new FileInfo(location, 10, 0));

      assertThat(file.owner()).isEqualTo(OrphanFile.Owner.ATTEMPT);
      assertThat(file.id()).isEqualTo(ATTEMPT);
      assertThat(file.isMetadataFile()).isTrue();
      assertThat(OrphanFile.newestMetadata(Set.of(location))).isEqualTo(1_000);
      OrphanFile unfinished = OrphanFile.of(new FileInfo(location + ".tmp", 10, 0));
      assertThat(unfinished.id()).isEqualTo(ATTEMPT);
      assertThat(unfinished.isMetadataFile()).isFalse();
    }
  }
}
