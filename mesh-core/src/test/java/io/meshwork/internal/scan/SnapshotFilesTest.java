package io.meshwork.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.junit.jupiter.api.Test;

class SnapshotFilesTest {
  private static final String PUBLISH = "0199-aa";

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

  private static List<String> sorted(List<String> locations) {
    return locations.stream()
        .map(SnapshotFilesTest::file)
        .sorted(SnapshotFiles.IN_WRITTEN_ORDER)
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
