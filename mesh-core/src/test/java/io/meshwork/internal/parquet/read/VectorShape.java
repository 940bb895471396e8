package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Types.NestedField;

/** Checks the invariants of the vectors of every batch, at any depth. */
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
        int filled = 0;
        for (int row = 0; row < rows; row++) {
          filled += structs.isNull(row) && !child.isNull(row) ? 1 : 0;
        }
        assertThat(filled).as("fields with a value in structs that are null").isZero();
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
    if (start != expected || length < 0 || (isNull && length > 0)) {
      throw new AssertionError(
          "%d elements from %d, expected from %d".formatted(length, start, expected));
    }
    return start + length;
  }

  /** Returns a row as a map from column to value. */
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
