package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NestedLimitsTest {
  @TempDir Path folder;

  @Test
  void listsThatSuddenlyGrowAreReadInSmallBatches() {
    Path file = folder.resolve("skewed.parquet");
    List<Consumer<Group>> rows = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      int length = i >= 3_000 && i < 3_020 ? 5_000 : i % 3;
      int row = i;
      rows.add(
          group -> {
            group.append("id", row);
            for (int k = 0; k < length; k++) {
              group.append("v", row * 31L + k).append("t", "text " + k % 7);
            }
          });
    }
    GroupFile.write(
        file,
        "message m { required int32 id; repeated int64 v; repeated binary t (STRING); }",
        rows);
    List<Integer> sizes = new ArrayList<>();
    try (ParquetReader reader = ReadRows.open(file);
        BatchReader batches =
            reader.read(reader.schema(), ColumnMatch.BY_NAME, new BatchLimit(1_000_000, 1 << 30))) {
      int row = 0;
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        assertThat(batches.firstRow()).isEqualTo(row);
        VectorShape.check(batch);
        ListVector numbers = (ListVector) batch.vector(1);
        ListVector texts = (ListVector) batch.vector(2);
        assertThat(8L * numbers.elements().size()).isLessThan(1_000_000);
        for (int i = 0; i < batch.rows(); i++, row++) {
          int length = row >= 3_000 && row < 3_020 ? 5_000 : row % 3;
          assertThat(batch.valueAt("id", i)).isEqualTo(row);
          assertThat(numbers.length(i)).isEqualTo(length);
          assertThat(texts.length(i)).isEqualTo(length);
          long sum = 0;
          for (int k = 0; k < length; k++) {
            sum += ((LongVector) numbers.elements()).get(numbers.start(i) + k) - row * 31L - k;
          }
          assertThat(sum).isZero();
        }
        sizes.add(batch.rows());
      }
      assertThat(row).isEqualTo(6_000);
    }
    assertThat(sizes).as("rows of the batches").anyMatch(size -> size < 20);
    assertThat(sizes.get(sizes.size() - 1)).as("rows of the last batch").isGreaterThan(20);
  }

  @Test
  void listsAreReadToTheMaximumDepthOfContracts() {
    StringBuilder schema = new StringBuilder("message m { ");
    for (int i = 0; i < 32; i++) {
      String name = i == 0 ? "v" : "element";
      schema.append("optional group " + name + " (LIST) { repeated group list { ");
    }
    schema.append("optional int32 element;").append(" } }".repeat(32)).append(" }");
    Path file = folder.resolve("deep.parquet");
    GroupFile.write(
        file,
        schema.toString(),
        List.of(
            row -> nest(row, 32).append("element", 7),
            row -> nest(row, 31),
            row -> nest(row, 32),
            row -> {}));
    List<List<Object>> rows = ReadRows.all(file);
    assertThat(depth(rows.get(0).get(0))).isEqualTo(32);
    assertThat(depth(rows.get(1).get(0))).isEqualTo(31);
    assertThat(rows.get(0).toString()).contains("[7]");
    assertThat(rows.get(2).toString()).contains("[null]");
    assertThat(rows.get(3).get(0)).isNull();
  }

  /** Adds nested lists of this depth; returns the innermost entry. */
  private static Group nest(Group row, int depth) {
    Group at = row;
    for (int i = 0; i < depth; i++) {
      at = at.addGroup(i == 0 ? "v" : "element").addGroup("list");
    }
    return at;
  }

  private static int depth(Object value) {
    return value instanceof List<?> list ? 1 + (list.isEmpty() ? 0 : depth(list.get(0))) : 0;
  }

  @Test
  void tenThousandLeavesAreRead() {
    StringBuilder schema = new StringBuilder("message m { required group s { ");
    for (int i = 0; i < 10_000; i++) {
      schema.append("optional int32 c" + i + "; ");
    }
    Path file = folder.resolve("wide.parquet");
    GroupFile.write(
        file,
        schema.append("} }").toString(),
        List.of(row -> row.addGroup("s").append("c0", 1).append("c9999", 2)));
    try (ParquetReader reader = ReadRows.open(file);
        BatchReader batches = reader.read(reader.schema(), ColumnMatch.BY_NAME)) {
      StructVector struct = (StructVector) batches.next().vector(0);
      assertThat(((IntVector) struct.child(9_999)).get(0)).isEqualTo(2);
      assertThat(struct.child(5_000).isNull(0)).isTrue();
      assertThat(batches.next()).isNull();
    }
  }
}
