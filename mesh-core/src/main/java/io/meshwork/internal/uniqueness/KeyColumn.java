package io.meshwork.internal.uniqueness;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * One column of a key. Immutable.
 *
 * @param name its name, dotted within structs
 * @param fieldId its field ID in the table
 * @param type its type, which is primitive
 */
record KeyColumn(String name, int fieldId, Type type) implements Serializable {
  /** The encoding of its values in a key. */
  enum Kind {
    /** Eight bytes: an integer, date, time, timestamp, decimal of up to 18 digits, or boolean. */
    WHOLE,
    /** Eight bytes of a double. */
    FLOATING,
    /** Length and bytes, ordered as unsigned. */
    BYTES,
    /** Length and bytes of a decimal of more than 18 digits. */
    DECIMAL
  }

  /** Returns the columns with these names. */
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

  /** Returns true if its values are prefixed with their length. */
  boolean isBytes() {
    return kind() == Kind.BYTES || kind() == Kind.DECIMAL;
  }
}
