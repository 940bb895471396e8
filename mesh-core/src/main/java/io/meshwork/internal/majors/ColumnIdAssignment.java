package io.meshwork.internal.majors;

import io.meshwork.internal.table.TableColumns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Assigns the column IDs of a major version that continues another one. A column with the same
 * name, or with the declared new name, is the same column with the same ID, whatever its type. The
 * new columns of each major version have a separate range of IDs, so an ID identifies at most one
 * column of a product. Used once.
 */
final class ColumnIdAssignment {
  /** The size of the range of IDs that each major version after the first has. */
  private static final int RANGE = 1_000_000;

  private final Schema before;
  private final Map<String, String> oldPaths = new HashMap<>();
  private final Set<String> renamed;
  private final Set<Integer> used = new HashSet<>();
  private int lastId;

  private ColumnIdAssignment(Schema before, Map<String, String> renamings, int lastId) {
    this.before = before;
    this.renamed = renamings.keySet();
    this.lastId = lastId;
    renamings.forEach((old, now) -> oldPaths.put(now, old));
  }

  /**
   * The columns with their IDs.
   *
   * @param columns the columns of the new table, with any IDs
   * @param major the number of the new major version, at least 2
   * @param before the columns of the table that it continues
   * @param renamings the new paths of renamed columns by their old paths
   */
  static TableColumns of(
      TableColumns columns, int major, TableColumns before, Map<String, String> renamings) {
    ColumnIdAssignment continued =
        new ColumnIdAssignment(
            before.schema(), renamings, Math.max(before.lastColumnId(), major * RANGE));
    Schema schema =
        new Schema(continued.fields("", columns.schema().columns(), before.schema().asStruct()));
    return new TableColumns(schema, continued.lastId, columns.format(), true);
  }

  private List<Types.NestedField> fields(
      String prefix, List<Types.NestedField> now, @Nullable Type parent) {
    List<Types.NestedField> fields = new ArrayList<>();
    for (Types.NestedField field : now) {
      String path = prefix + field.name();
      Types.NestedField old = oldField(path, field.name(), parent);
      int id = old == null ? nextId() : keptId(old.fieldId());
      Type type = type(path, field.type(), old == null ? null : old.type());
      fields.add(
          field.isOptional()
              ? Types.NestedField.optional(id, field.name(), type, field.doc())
              : Types.NestedField.required(id, field.name(), type, field.doc()));
    }
    return fields;
  }

  private Types.@Nullable NestedField oldField(String path, String name, @Nullable Type parent) {
    String oldPath = oldPaths.get(path);
    if (oldPath != null) {
      return before.findField(oldPath);
    }
    if (parent == null || !parent.isStructType()) {
      return null;
    }
    Types.NestedField same = parent.asStructType().field(name);
    return same == null || renamed.contains(before.findColumnName(same.fieldId())) ? null : same;
  }

  private Type type(String path, Type now, @Nullable Type old) {
    if (now.isStructType()) {
      return Types.StructType.of(fields(path + ".", now.asStructType().fields(), old));
    } else if (now.isListType()) {
      Types.ListType list = now.asListType();
      Types.@Nullable ListType oldList = old != null && old.isListType() ? old.asListType() : null;
      int id = oldList == null ? nextId() : keptId(oldList.elementId());
      Type element =
          type(
              path + ".element",
              list.elementType(),
              oldList == null ? null : oldList.elementType());
      return list.isElementOptional()
          ? Types.ListType.ofOptional(id, element)
          : Types.ListType.ofRequired(id, element);
    } else if (now.isMapType()) {
      return map(path, now.asMapType(), old != null && old.isMapType() ? old.asMapType() : null);
    }
    return now;
  }

  private Type map(String path, Types.MapType now, Types.@Nullable MapType old) {
    int key = old == null ? nextId() : keptId(old.keyId());
    int id = old == null ? nextId() : keptId(old.valueId());
    Type value = type(path + ".value", now.valueType(), old == null ? null : old.valueType());
    return now.isValueOptional()
        ? Types.MapType.ofOptional(key, id, now.keyType(), value)
        : Types.MapType.ofRequired(key, id, now.keyType(), value);
  }

  /** The ID, unless a column of this major version has it: each column continues at most one. */
  private int keptId(int id) {
    return used.add(id) ? id : nextId();
  }

  private int nextId() {
    return ++lastId;
  }
}
