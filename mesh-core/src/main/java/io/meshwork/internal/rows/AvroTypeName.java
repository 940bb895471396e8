package io.meshwork.internal.rows;

import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** The name of an Avro type in the contract's terms, for messages. */
public final class AvroTypeName {
  private AvroTypeName() {}

  /**
   * Returns the name of the type without null: the logical type, a decimal with precision and
   * scale.
   */
  public static String of(Schema schema) {
    Schema value = ColumnKind.withoutNull(schema);
    if (value == null) {
      return "union";
    }
    if (value.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
    }
    if (value.getLogicalType() != null) {
      return value.getLogicalType().getName();
    }
    return switch (value.getType()) {
      case FIXED -> "fixed(" + value.getFixedSize() + ")";
      case ARRAY -> "array of " + of(value.getElementType());
      case MAP -> "map of " + of(value.getValueType());
      default -> value.getType().getName();
    };
  }
}
