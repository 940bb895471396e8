package io.meshwork.internal.parquet.write;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * A leaf of a schema and its slots in rows of {@link ParquetOracle}: each value, and a null
 * wherever its path ends early. Computed by walking each row.
 */
record LeafSlots(
    Types.NestedField field, String name, boolean repeated, List<Integer> steps, int column) {
  private static final int EACH = -1;

  static List<LeafSlots> of(Schema schema) {
    List<LeafSlots> leaves = new ArrayList<>();
    for (int i = 0; i < schema.columns().size(); i++) {
      Types.NestedField field = schema.columns().get(i);
      add(leaves, field, field.name(), List.of(), i);
    }
    return leaves;
  }

  private static void add(
      List<LeafSlots> leaves,
      Types.NestedField field,
      String name,
      List<Integer> steps,
      int column) {
    if (field.type().isPrimitiveType()) {
      leaves.add(new LeafSlots(field, name, steps.contains(EACH), steps, column));
      return;
    }
    List<Types.NestedField> fields = field.type().asNestedType().fields();
    for (int i = 0; i < fields.size(); i++) {
      List<Integer> below = new ArrayList<>(steps);
      if (!field.type().isStructType()) {
        below.add(EACH);
      }
      if (!field.type().isListType()) {
        below.add(i);
      }
      add(leaves, fields.get(i), name + "." + fields.get(i).name(), below, column);
    }
  }

  List<Object> slots(List<List<Object>> rows, int from, int to) {
    List<Object> slots = new ArrayList<>();
    for (List<Object> row : rows.subList(from, to)) {
      collect(row.get(column), 0, slots);
    }
    return slots;
  }

  private void collect(Object value, int step, List<Object> slots) {
    if (value == null || step == steps.size()) {
      slots.add(value);
    } else if (steps.get(step) == EACH) {
      List<?> elements = (List<?>) value;
      if (elements.isEmpty()) {
        slots.add(null);
      }
      elements.forEach(element -> collect(element, step + 1, slots));
    } else {
      collect(((List<?>) value).get(steps.get(step)), step + 1, slots);
    }
  }
}
