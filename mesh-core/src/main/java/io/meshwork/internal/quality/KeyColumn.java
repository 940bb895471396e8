package io.meshwork.internal.quality;

import java.util.List;
import java.util.Objects;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * One column of a key. Immutable.
 *
 * @param name its name, with dots within structs
 * @param fieldId its field id in the table
 * @param type its type, which is simple
 */
public record KeyColumn(String name, int fieldId, Type type) {
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

  /** The columns of these names. */
  static List<KeyColumn> of(Schema schema, List<String> names) {
    return names.stream()
        .map(name -> schema.findField(name))
        .map(Objects::requireNonNull)
        .map(
            field ->
                new KeyColumn(
                    schema.findColumnName(field.fieldId()), field.fieldId(), field.type()))
        .toList();
  }

  Kind kind() {
    return switch (type.typeId()) {
      case FLOAT, DOUBLE -> Kind.FLOATING;
      case STRING, BINARY, FIXED, UUID -> Kind.BYTES;
      case DECIMAL -> ((Types.DecimalType) type).precision() <= 18 ? Kind.WHOLE : Kind.DECIMAL;
      default -> Kind.WHOLE;
    };
  }

  /** True if its values lie with their length before them. */
  boolean isBytes() {
    return kind() == Kind.BYTES || kind() == Kind.DECIMAL;
  }
}
