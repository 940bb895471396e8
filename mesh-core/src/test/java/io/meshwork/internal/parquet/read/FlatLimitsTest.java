package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long texts of flat columns take a bounded amount of memory. */
class FlatLimitsTest {
  private static final int LIMIT = 1_000_000;
  private static final int ROWS = 3_000;

  @TempDir Path folder;

  @Test
  void textsThatSuddenlyGrowAreReadInSmallBatches() {
    List<Integer> sizes =
        sizes(row -> "text " + row + "x".repeat(row >= 1_000 && row < 1_040 ? 300_000 : 0));

    assertThat(sizes).as("rows of the batches").anyMatch(size -> size <= 4);
    assertThat(sizes.get(sizes.size() - 1)).as("rows of the last batch").isGreaterThan(20);
  }

  @Test
  void oneLongTextOfADictionaryIsReadInSmallBatches() {
    List<Integer> sizes = sizes(row -> row % 2 == 0 ? "x".repeat(100_000) : "y");

    assertThat(sizes).as("rows of the batches").allMatch(size -> size <= 20);
  }

  @Test
  void aTextAboveTheLimitIsABatchOfItsOwn() {
    List<Integer> sizes = sizes(row -> row == 1_234 ? "x".repeat(2 * LIMIT) : "y" + row);

    assertThat(sizes).as("rows of the batches").contains(1);
  }

  /** Writes texts, reads them, and returns the rows of each batch. */
  private List<Integer> sizes(IntFunction<String> texts) {
    Path file = folder.resolve("texts.parquet");
    List<Consumer<Group>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      int row = i;
      rows.add(
          group -> {
            group.append("id", row).append("t", texts.apply(row));
            if (row % 3 > 0) {
              group.append("o", row % 5 + "");
            }
          });
    }
    GroupFile.write(
        file,
        "message m { required int32 id; required binary t (STRING); optional binary o (STRING); }",
        rows);
    List<Integer> sizes = new ArrayList<>();
    try (ParquetReader reader = ReadRows.open(file);
        BatchReader batches =
            reader.read(reader.schema(), ColumnMatch.BY_NAME, new BatchLimit(LIMIT, 1 << 30))) {
      int row = 0;
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        assertThat(batches.firstRow()).isEqualTo(row);
        VectorShape.check(batch);
        Vector flat = batch.vector(1).flat();
        assertThat(batch.rows() == 1 || flat.variableByteSize() <= LIMIT).isTrue();
        for (int i = 0; i < batch.rows(); i++, row++) {
          assertThat(batch.valueAt("id", i)).isEqualTo(row);
          assertThat(text(batch.valueAt("t", i)).equals(texts.apply(row)))
              .as("row %d", row)
              .isTrue();
          assertThat(text(batch.valueAt("o", i))).isEqualTo(row % 3 > 0 ? row % 5 + "" : "null");
        }
        sizes.add(batch.rows());
      }
      assertThat(row).isEqualTo(ROWS);
    }
    return sizes;
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(value);
  }
}
