package io.meshwork.internal.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** The columns to read where more are asked than are handed out. */
final class ScanColumns {
  private ScanColumns() {}

  /**
   * A projection with these columns besides, after its own, and in structs after their own fields.
   *
   * @param table where the projection comes from
   * @param fieldIds of columns, or of fields of structs at any depth
   */
  static Schema with(Schema projection, Schema table, Set<Integer> fieldIds) {
    return new Schema(with(projection.columns(), table.columns(), fieldIds));
  }

  private static List<Types.NestedField> with(
      List<Types.NestedField> wanted, List<Types.NestedField> all, Set<Integer> fieldIds) {
    List<Types.NestedField> result = new ArrayList<>();
    for (Types.NestedField field : wanted) {
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
      if (find(wanted, field.fieldId()) != null) {
        continue;
      } else if (fieldIds.contains(field.fieldId())) {
        result.add(field);
      } else if (field.type().isStructType()) {
        List<Types.NestedField> below =
            with(List.of(), field.type().asStructType().fields(), fieldIds);
        if (!below.isEmpty()) {
          result.add(ofType(field, below));
        }
      }
    }
    return result;
  }

  private static Types.NestedField ofType(Types.NestedField field, List<Types.NestedField> below) {
    return Types.NestedField.from(field).ofType(Types.StructType.of(below)).build();
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
