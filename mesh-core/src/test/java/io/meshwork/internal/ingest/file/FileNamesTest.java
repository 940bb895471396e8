package io.meshwork.internal.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.publish.Publish.FileFormat;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void theExtensionTellsTheFormat() {
    MeshAction action = MeshAction.of(Verb.PUBLISH, "commerce/orders");

    assertThat(FileNames.format(List.of(MAY, JUNE), action)).isEqualTo(FileFormat.parquet());
    assertThat(FileNames.format(List.of(Path.of("a.CSV.gz")), action)).isEqualTo(FileFormat.csv());
    assertThat(FileNames.format(List.of(Path.of("a.json.gz")), action))
        .isEqualTo(FileFormat.jsonLines());
    assertThat(FileNames.format(List.of(Path.of("part-0")), action))
        .as("files of other programs have no extension")
        .isEqualTo(FileFormat.parquet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.doc", "a.csv.zip", "a.xlsx", "a.xml.gz"})
  void anUnknownExtensionIsRefusedWithTheKnownOnes(String name) {
    MeshAction action = MeshAction.of(Verb.PUBLISH, "commerce/orders");

    assertThatThrownBy(() -> FileNames.format(List.of(Path.of(name)), action))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("csv, tsv, tab, psv, txt, json, jsonl, ndjson, avro, parquet");
  }
}
