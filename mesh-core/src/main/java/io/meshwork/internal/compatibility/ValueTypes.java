package io.meshwork.internal.compatibility;

import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Inspects the non-null part of a legal type: its logical type, its precision, its column type in a
 * table.
 */
final class ValueTypes {
  private static final String DECIMAL = "decimal";

  private ValueTypes() {}

  /** Returns the non-null branch; the type itself if it is not a union. */
  static Schema value(Schema type) {
    return type.isUnion() ? type.getTypes().get(nullFirst(type) ? 1 : 0) : type;
  }

  static boolean nullFirst(Schema type) {
    return type.isUnion() && type.getTypes().get(0).getType() == Schema.Type.NULL;
  }

  /** Returns the logical type's name; null if there is none. */
  static @Nullable String logical(Schema type) {
    return type.getProp("logicalType");
  }

  static boolean isDecimal(Schema type) {
    return DECIMAL.equals(logical(type));
  }

  static int precision(Schema decimal) {
    return number(decimal, "precision");
  }

  static int scale(Schema decimal) {
    return number(decimal, "scale");
  }

  private static int number(Schema decimal, String property) {
    return decimal.getObjectProp(property) instanceof Number number ? number.intValue() : 0;
  }

  /** Returns the properties without a meaning in Avro. */
  static Map<String, Object> properties(Schema type) {
    Map<String, Object> properties = new TreeMap<>(type.getObjectProps());
    properties.remove("logicalType");
    if (isDecimal(type)) {
      properties.remove("precision");
      properties.remove("scale");
    }
    return properties;
  }

  /**
   * Returns the name of the table's type for a primitive type: equal names are the same type in the
   * table.
   */
  static String column(Schema type) {
    String logical = logical(type);
    if (logical == null) {
      return switch (type.getType()) {
        case ENUM -> "string";
        case FIXED -> "fixed[" + type.getFixedSize() + "]";
        default -> type.getType().getName();
      };
    }
    return switch (logical) {
      case DECIMAL -> "decimal(" + precision(type) + ", " + scale(type) + ")";
      case "time-millis", "time-micros" -> "time";
      case "timestamp-millis", "timestamp-micros" -> "timestamptz";
      case "local-timestamp-millis", "local-timestamp-micros" -> "timestamp";
      default -> logical;
    };
  }

  static boolean isNanoseconds(Schema type) {
    String logical = logical(type);
    return logical != null && logical.endsWith("-nanos");
  }
}
