package io.meshwork.internal.predicate;

import java.util.List;
import org.apache.iceberg.types.Type;

/**
 * A column of a filter, spelled as in the schema.
 *
 * @param fieldId field ID of the column itself, not of its enclosing structs
 * @param path names from the root
 * @param type a primitive type; UNKNOWN if every value is null
 */
record FilterColumn(int fieldId, List<String> path, Type type) {
  FilterColumn {
    path = List.copyOf(path);
  }

  /** Returns the dotted name, as Iceberg resolves columns. */
  String name() {
    return String.join(".", path);
  }

  /** Returns true for types that have NaN. */
  boolean floating() {
    return type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE;
  }
}
