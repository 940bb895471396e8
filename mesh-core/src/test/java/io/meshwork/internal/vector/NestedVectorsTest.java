package io.meshwork.internal.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class NestedVectorsTest {
  private static final Schema SCHEMA =
      new Schema(
          Types.NestedField.optional(
              1,
              "lines",
              Types.ListType.ofOptional(
                  2,
                  Types.StructType.of(
                      Types.NestedField.required(3, "quantity", Types.IntegerType.get()),
                      Types.NestedField.optional(4, "note", Types.StringType.get())))),
          Types.NestedField.optional(
              5,
              "tags",
              Types.MapType.ofOptional(6, 7, Types.StringType.get(), Types.LongType.get())));

  @Test
  void rowsOfListsStructsAndMapsAreReadAsAppended() {
    VectorBatch batch = filled();

    assertThat(batch.rows()).isEqualTo(4);
    assertThat(batch.valueAt("lines", 0)).isEqualTo(List.of(line(2, "gift"), line(3, null)));
    assertThat(batch.valueAt("lines", 1)).isEqualTo(List.of());
    assertThat(batch.valueAt("lines", 2)).isNull();
    assertThat(batch.valueAt("lines", 3)).isEqualTo(Arrays.asList(null, line(9, "last")));
    assertThat(batch.valueAt("tags", 0)).isEqualTo(Map.of("a", 1L));
    assertThat(batch.valueAt("tags", 1)).isNull();
    assertThat(batch.valueAt("tags", 3)).isEqualTo(Map.of("b", 2L, "c", 3L));
  }

  @Test
  void gatheredRowsKeepTheirElementsAndNulls() {
    VectorBatch gathered = filled().gather(new int[] {3, 2, 0});

    assertThat(gathered.valueAt("lines", 0)).isEqualTo(Arrays.asList(null, line(9, "last")));
    assertThat(gathered.valueAt("lines", 1)).isNull();
    assertThat(gathered.valueAt("lines", 2)).isEqualTo(List.of(line(2, "gift"), line(3, null)));
    assertThat(gathered.valueAt("tags", 2)).isEqualTo(Map.of("a", 1L));
  }

  @Test
  void batchIsEmptyAfterResetAndCanBeRefilled() {
    VectorBatch batch = filled();
    batch.reset();

    assertThat(batch.rows()).isZero();
    ListVector lines = (ListVector) batch.vector(0);
    appendLine(lines, 5, "again");
    lines.append();
    assertThat(batch.valueAt("lines", 0)).isEqualTo(List.of(line(5, "again")));
  }

  @Test
  void dictionariesAreDecodedAtAnyDepth() {
    BytesVector entries = new BytesVector();
    entries.append("x".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    DictionaryVector encoded = new DictionaryVector(entries);
    ListVector lists = new ListVector(encoded);
    encoded.append(0);
    encoded.appendNull();
    lists.append();
    lists.appendNull();

    Vector flat = lists.flat();

    assertThat(((ListVector) flat).elements()).isInstanceOf(BytesVector.class);
    Types.ListType type = Types.ListType.ofOptional(1, Types.StringType.get());
    assertThat(VectorBatch.value(type, flat, 0)).isEqualTo(Arrays.asList("x", null));
    assertThat(VectorBatch.value(type, flat, 1)).isNull();
  }

  private static VectorBatch filled() {
    VectorBatch batch = VectorBatch.empty(SCHEMA);
    ListVector lines = (ListVector) batch.vector(0);
    MapVector tags = (MapVector) batch.vector(1);
    appendLine(lines, 2, "gift");
    appendLine(lines, 3, null);
    lines.append();
    appendTag(tags, "a", 1);
    tags.append();
    lines.append();
    tags.appendNull();
    lines.appendNull();
    tags.append();
    lines.elements().appendNull();
    appendLine(lines, 9, "last");
    lines.append();
    appendTag(tags, "b", 2);
    appendTag(tags, "c", 3);
    tags.append();
    return batch;
  }

  private static void appendLine(ListVector lines, int quantity, String note) {
    StructVector line = (StructVector) lines.elements();
    ((IntVector) line.child(0)).append(quantity);
    appendText(line.child(1), note);
    line.append();
  }

  private static void appendTag(MapVector tags, String key, long value) {
    appendText(tags.keys(), key);
    ((LongVector) tags.values()).append(value);
  }

  private static void appendText(Vector vector, String text) {
    if (text == null) {
      vector.appendNull();
    } else {
      ((BytesVector) vector).append(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private static Map<String, Object> line(int quantity, String note) {
    Map<String, Object> line = new java.util.LinkedHashMap<>();
    line.put("quantity", quantity);
    line.put("note", note);
    return line;
  }
}
