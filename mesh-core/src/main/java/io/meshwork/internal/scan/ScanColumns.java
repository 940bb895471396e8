package io.meshwork.internal.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Adds columns to a projection that are read but not returned. */
final class ScanColumns {
  private ScanColumns() {}

  /**
   * Returns a projection with further columns after its own, and with further fields in structs
   * after their own.
   *
   * @param table the schema of the table
   * @param fieldIds IDs of columns, or of fields of structs at any depth
   */
  static Schema with(Schema projection, Schema table, Set<Integer> fieldIds) {
    return new Schema(with(projection.columns(), table.columns(), fieldIds));
  }

  private static List<Types.NestedField> with(
      List<Types.NestedField> projected, List<Types.NestedField> all, Set<Integer> fieldIds) {
    List<Types.NestedField> result = new ArrayList<>();
    for (Types.NestedField field : projected) {
      Types.NestedField whole = find(all, field.fieldId());
      result.add(
          whole != null && field.type().isStructType()
              ? ofType(
                  field,
                  with(
                      field.type().asStructType().fields(),
                      whole.type().asStructType().fields(),
                      fieldIds))
              : field);
    }
    for (Types.NestedField field : all) {
      if (find(projected, field.fieldId()) != null) {
        continue;
      } else if (fieldIds.contains(field.fieldId())) {
        result.add(field);
      } else if (field.type().isStructType()) {
        List<Types.NestedField> nested =
            with(List.of(), field.type().asStructType().fields(), fieldIds);
        if (!nested.isEmpty()) {
          result.add(ofType(field, nested));
        }
      }
    }
    return result;
  }

  private static Types.NestedField ofType(Types.NestedField field, List<Types.NestedField> nested) {
    return Types.NestedField.from(field).ofType(Types.StructType.of(nested)).build();
  }

  private static Types.@Nullable NestedField find(List<Types.NestedField> fields, int id) {
    for (Types.NestedField field : fields) {
      if (field.fieldId() == id) {
        return field;
      }
    }
    return null;
  }
}
