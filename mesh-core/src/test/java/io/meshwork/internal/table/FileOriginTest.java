package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.table.FileOrigin.Writer;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileOriginTest {
  private static final String ID = "01a20dde-cb8c-79c3-b83f-c32de536a811";
  private static final String OTHER = "934901f4-31c8-4886-8fc0-ec7264d90552";

  @Test
  void aMetadataFileBelongsToItsAttemptWhetherOrNotItIsCompressed() {
    for (String end : List.of(".metadata.json", ".gz.metadata.json")) {
      String path = "metadata/01000-" + ID + end;

      assertThat(FileOrigin.of(path)).isEqualTo(new FileOrigin(Writer.ATTEMPT, ID, 1_000));
      String unfinished = "metadata/.01000-" + ID + end + ".tmp";
      assertThat(FileOrigin.of(unfinished)).isEqualTo(new FileOrigin(Writer.ATTEMPT, ID, -1));
    }
  }

  @Test
  void aManifestBelongsToItsAttempt() {
    for (String name :
        List.of(OTHER + "-m0.avro", "snap-3007949183462857767-1-" + OTHER + ".avro")) {
      assertThat(FileOrigin.of("metadata/" + ID + "-" + name))
          .isEqualTo(new FileOrigin(Writer.ATTEMPT, ID, -1));
    }
  }

  @Test
  void aManifestThatAllTriesShareBelongsToTheirPublish() {
    for (String name :
        List.of(
            FileOrigin.manifestName(ID, 0),
            FileOrigin.manifestName(ID, 12),
            FileOrigin.manifestName(ID, OTHER + "-m3.avro"))) {
      assertThat(FileOrigin.of("metadata/" + name))
          .isEqualTo(new FileOrigin(Writer.PUBLISH, ID, -1));
      assertThat(FileOrigin.of("metadata/." + name + ".tmp").writer()).isEqualTo(Writer.PUBLISH);
      assertThat(FileOrigin.of("data/" + name).writer()).isEqualTo(Writer.UNKNOWN);
    }
  }

  @Test
  void aFileOfRowsBelongsToItsPublishWhateverItsPartitionIsCalled() {
    for (String folder : List.of("data/", "data/region=metadata/", "data/city=snap-/day=1/")) {
      for (String end :
          List.of(
              "-0",
              "-q-1",
              "-r0-0",
              "-g2-s17-0",
              "-copy-dfae8a92544f2efb-q-0",
              "-t3-17-0",
              "-t3-17-q-0",
              "-t3-17-undecided-0",
              "-t3-1000-c-0",
              "-t3-1000-c-q-0")) {
        assertThat(FileOrigin.of(folder + ID + end + ".parquet"))
            .isEqualTo(new FileOrigin(Writer.PUBLISH, ID, -1));
        assertThat(FileOrigin.of(folder + "." + ID + end + ".parquet.2.tmp").id()).isEqualTo(ID);
      }
    }
  }

  @Test
  void aFileUnderAnotherNameOrInAnotherFolderBelongsToNobody() {
    for (String path :
        List.of(
            "data/" + ID + "-0.parquet.bak",
            "data/" + ID + "-0 (1).parquet",
            "data/Copy of " + ID + "-0.parquet",
            "data/." + ID + "-0.parquet.Xq81bZ",
            "data/saved/" + ID + "-0.parquet",
            "data (1)/" + ID + "-0.parquet",
            "metadata/" + ID + "-0.parquet",
            "data/01000-" + ID + ".metadata.json",
            "metadata/snap-1-1-" + ID + ".avro",
            "metadata/" + OTHER + "-m0.avro",
            "data/" + OTHER + "-0.parquet",
            "notes.txt",
            "")) {
      assertThat(FileOrigin.of(path).writer()).as(path).isEqualTo(Writer.UNKNOWN);
    }
  }
}
