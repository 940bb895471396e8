package io.meshwork.internal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileNamesTest {
  private static final Path MAY = Path.of("/landing/2024/05/part.parquet");
  private static final Path JUNE = Path.of("/landing/2024/06/part.parquet");

  @Test
  void aUniqueFileNameIsShownAlone() {
    assertThat(FileNames.of(MAY, List.of(MAY, Path.of("/landing/other.parquet"))))
        .isEqualTo("part.parquet");
  }

  @Test
  void filesOfTheSameNameAreShownWithAsFewFoldersAsPossible() {
    assertThat(FileNames.of(JUNE, List.of(MAY, JUNE))).isEqualTo("06/part.parquet");
  }

  @Test
  void aPathThatIsTheEndOfAnotherIsShownCompletely() {
    Path given = Path.of("part.parquet");
    assertThat(FileNames.of(given, List.of(MAY, given))).isEqualTo("part.parquet");
    assertThat(FileNames.of(MAY, List.of(MAY, given))).isEqualTo("05/part.parquet");
  }
}
