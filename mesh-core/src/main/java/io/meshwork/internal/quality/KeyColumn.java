package io.meshwork.internal.quality;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * One column of a key. Immutable.
 *
 * @param path positions from the row's columns down to it, through structs
 * @param fieldId its field id in the table
 * @param type its type, which is simple
 */
public record KeyColumn(List<Integer> path, int fieldId, Type type) {
  /** How its values lie in a key. */
  enum Kind {
    /** Eight bytes of a number: whole, a moment, a short decimal, or a truth. */
    WHOLE,
    /** Eight bytes of a double. */
    FLOATING,
    /** Length and bytes, ordered without sign. */
    BYTES,
    /** Length and bytes of a long decimal. */
    DECIMAL
  }

  /** Copies the path. */
  public KeyColumn {
    path = List.copyOf(path);
  }

  /** The columns of these names, with dots within structs. */
  static List<KeyColumn> of(List<Types.NestedField> columns, List<String> names) {
    return names.stream().map(name -> of(columns, name)).toList();
  }

  private static KeyColumn of(List<Types.NestedField> columns, String name) {
    List<Integer> path = new ArrayList<>();
    List<Types.NestedField> within = columns;
    String[] parts = name.split("\\.", -1);
    for (int depth = 0; ; depth++) {
      int at = position(within, parts[depth], name);
      path.add(at);
      Types.NestedField field = within.get(at);
      if (depth == parts.length - 1) {
        return new KeyColumn(path, field.fieldId(), field.type());
      }
      within = field.type().asStructType().fields();
    }
  }

  private static int position(List<Types.NestedField> fields, String part, String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(part)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no column " + name + " in the table's schema");
  }

  Kind kind() {
    return switch (type.typeId()) {
      case FLOAT, DOUBLE -> Kind.FLOATING;
      case STRING, BINARY, FIXED, UUID -> Kind.BYTES;
      case DECIMAL ->
          ((Types.DecimalType) type).precision() <= 18 ? Kind.WHOLE : Kind.DECIMAL;
      default -> Kind.WHOLE;
    };
  }

  /** True if its values lie with their length before them. */
  boolean isBytes() {
    return kind() == Kind.BYTES || kind() == Kind.DECIMAL;
  }
}
