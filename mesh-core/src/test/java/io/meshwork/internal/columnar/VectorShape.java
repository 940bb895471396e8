package io.meshwork.internal.columnar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Types.NestedField;

/** What holds for the vectors of every batch, at any depth. */
final class VectorShape {
  private VectorShape() {}

  static void check(VectorBatch batch) {
    batch.vectors().forEach(vector -> check(vector, batch.rows()));
  }

  private static void check(Vector vector, int rows) {
    assertThat(vector.size()).isEqualTo(rows);
    int nulls = 0;
    for (int row = 0; row < rows; row++) {
      nulls += vector.isNull(row) ? 1 : 0;
    }
    assertThat(vector.nullCount()).isEqualTo(nulls);
    if (vector instanceof StructVector structs) {
      for (Vector child : structs.children()) {
        check(child, rows);
        for (int row = 0; row < rows; row++) {
          assertThat(structs.isNull(row) && !child.isNull(row)).isFalse();
        }
      }
    } else if (vector instanceof ListVector lists) {
      int elements = 0;
      for (int row = 0; row < rows; row++) {
        elements = next(elements, lists.start(row), lists.length(row), lists.isNull(row));
      }
      check(lists.elements(), elements);
    } else if (vector instanceof MapVector maps) {
      int entries = 0;
      for (int row = 0; row < rows; row++) {
        entries = next(entries, maps.start(row), maps.length(row), maps.isNull(row));
      }
      check(maps.keys(), entries);
      check(maps.values(), entries);
      assertThat(maps.keys().nullCount()).isZero();
    }
  }

  private static int next(int expected, int start, int length, boolean isNull) {
    assertThat(start).isEqualTo(expected);
    assertThat(length).isGreaterThanOrEqualTo(0);
    assertThat(isNull && length > 0).isFalse();
    return start + length;
  }

  /** A row as a map from column to value. */
  static Map<String, Object> row(VectorBatch batch, int row) {
    Map<String, Object> values = new LinkedHashMap<>();
    List<NestedField> fields = batch.schema().columns();
    for (int i = 0; i < fields.size(); i++) {
      values.put(
          fields.get(i).name(), VectorBatch.value(fields.get(i).type(), batch.vector(i), row));
    }
    return values;
  }
}
