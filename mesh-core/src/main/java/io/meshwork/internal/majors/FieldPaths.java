package io.meshwork.internal.majors;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The paths of columns and their parts by field ID, such as {@code customer.city}, {@code
 * lines[].price}, or {@code parts{}.price}.
 */
final class FieldPaths {
  private final Map<Integer, String> paths = new HashMap<>();
  private final Map<Integer, String> names = new HashMap<>();

  private FieldPaths() {}

  private static FieldPaths of(Schema table) {
    FieldPaths paths = new FieldPaths();
    paths.addFields("", table.columns());
    return paths;
  }

  /** The new paths of columns that have other names in a newer table, by their old paths. */
  static Map<String, String> renamings(Schema older, Schema newer) {
    FieldPaths before = of(older);
    FieldPaths now = of(newer);
    Map<String, String> renamings = new HashMap<>();
    before.names.forEach(
        (id, name) -> {
          if (now.names.containsKey(id) && !name.equals(now.names.get(id))) {
            renamings.put(String.valueOf(before.paths.get(id)), String.valueOf(now.paths.get(id)));
          }
        });
    return renamings;
  }

  /** The path in another table of the column that has this path; empty if it does not continue. */
  static Optional<String> continued(Schema table, String path, Schema other) {
    Map<Integer, String> there = of(other).paths;
    return of(table).paths.entrySet().stream()
        .filter(column -> column.getValue().equals(path))
        .findFirst()
        .map(column -> there.get(column.getKey()));
  }

  private void addFields(String prefix, List<Types.NestedField> fields) {
    for (Types.NestedField field : fields) {
      String path = prefix + field.name();
      paths.put(field.fieldId(), path);
      names.put(field.fieldId(), field.name());
      addParts(path, field.type());
    }
  }

  private void addParts(String path, Type type) {
    if (type.isStructType()) {
      addFields(path + ".", type.asStructType().fields());
    } else if (type.isListType()) {
      addParts(path + "[]", type.asListType().elementType());
    } else if (type.isMapType()) {
      addParts(path + "{}", type.asMapType().valueType());
    }
  }
}
