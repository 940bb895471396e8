package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.write.ParquetOracle;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.SmallGroups;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads empty files and row groups. */
class EmptyGroupsTest {
  private static final String SCHEMA =
      "message m { required int64 a; optional group l (LIST) { repeated group list {"
          + " optional binary element (STRING); } } }";

  @TempDir Path folder;

  private Path file(int rows) {
    Path file = folder.resolve("rows-" + rows + ".parquet");
    List<Consumer<Group>> all = new ArrayList<>();
    for (long row = 0; row < rows; row++) {
      long value = row;
      all.add(group -> group.append("a", value));
    }
    GroupFile.write(file, SCHEMA, all);
    return file;
  }

  @ParameterizedTest
  @EnumSource
  void fileWithOnlyAnEmptyRowGroupHasNoRows(EmptyGroups.Style style) {
    Path file = file(0);
    EmptyGroups.add(file, style, 0);
    EmptyGroups.add(file, style, 1);

    assertThat(ReadRows.all(file)).isEmpty();
    try (ParquetReader reader = ReadRows.open(file)) {
      assertThat(reader.rows()).isZero();
      assertThat(reader.rowGroups()).isEmpty();
      assertThat(reader.schema().columns()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void emptyRowGroupsBeforeBetweenAndBehindOthersAreAsIfTheyWereNotThere(EmptyGroups.Style style)
      throws IOException {
    Schema schema = new Schema(Types.NestedField.required(1, "a", Types.LongType.get()));
    Path file = folder.resolve("groups.parquet");
    VectorBatch batch = VectorBatch.empty(schema);
    for (long row = 0; row < 3; row++) {
      ((LongVector) batch.vector(0)).append(row);
    }
    SmallGroups.write(file, schema, EncodingProfile.values()[0], 1, List.of(batch));
    for (int place : new int[] {0, 2, 4, 6, 7}) {
      EmptyGroups.add(file, style, place);
    }

    assertThat(ReadRows.all(file)).containsExactly(List.of(0L), List.of(1L), List.of(2L));
    try (ParquetReader reader = ReadRows.open(file)) {
      assertThat(reader.rowGroups()).extracting(FooterRowGroup::rows).containsExactly(1L, 1L, 1L);
      try (BatchReader second =
          reader.read(
              schema, ColumnMatch.BY_NAME, group -> group.columns().get(0).lowest().equals(1L))) {
        assertThat(ParquetOracle.rows(second.next())).containsExactly(List.of(1L));
        assertThat(second.firstRow()).isEqualTo(1);
        assertThat(second.next()).isNull();
      }
    }
  }

  @Test
  void fileWithoutRowGroupsHasNoRows() {
    assertThat(ReadRows.all(file(0))).isEmpty();
  }
}
