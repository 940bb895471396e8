package io.meshwork.internal.predicate;

import java.util.List;
import org.apache.iceberg.types.Type;

/**
 * A column of a filter as the schema spells it.
 *
 * @param fieldId of the column itself, not of the structs around it
 * @param path names from the root
 * @param type a simple type; UNKNOWN where every value is null
 */
record FilterColumn(int fieldId, List<String> path, Type type) {
  FilterColumn {
    path = List.copyOf(path);
  }

  /** The names with dots, as Iceberg finds columns. */
  String name() {
    return String.join(".", path);
  }

  /** True for types with NaN. */
  boolean floating() {
    return type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE;
  }
}
