package io.meshwork.internal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.read.ParquetReader.FooterRowGroup;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileFitTest {
  private static FooterRowGroup group(long bytes) {
    return new FooterRowGroup(
        1,
        List.of(
            new FooterRowGroup.Column("a", bytes, bytes, null, null, null, null, null, null),
            new FooterRowGroup.Column("b", 100, 100, null, null, null, null, null, null)));
  }

  @Test
  void rowGroupsOfUsualSizesFit() {
    FooterRowGroup usual = group(128L << 20);
    assertThat(FileFit.sizes(List.of(usual, usual, group(1)), false)).isNull();
    assertThat(FileFit.sizes(List.of(group(1)), true)).isNull();
  }

  @Test
  void smallAndLargeRowGroupsDoNot() {
    assertThat(FileFit.sizes(List.of(group(1)), false)).isEqualTo("its row groups are small");
    assertThat(FileFit.sizes(List.of(group(1), group(1)), true))
        .isEqualTo("its row groups are small");
    assertThat(FileFit.sizes(List.of(group(100 << 20), group(256 << 20)), true))
        .isEqualTo("a row group is large");
  }
}
