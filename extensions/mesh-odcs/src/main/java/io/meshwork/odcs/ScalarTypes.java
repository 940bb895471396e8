package io.meshwork.odcs;

import io.meshwork.internal.schema.JsonText;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Writes the types of columns that hold no other columns. */
final class ScalarTypes {
  private ScalarTypes() {}

  /** Puts the types of a schema without null; a record, an array, and a map only by name. */
  static void put(Map<String, Object> property, Schema type) {
    if (type.getLogicalType() != null) {
      putLogical(property, type);
      return;
    }
    switch (type.getType()) {
      case BOOLEAN -> put(property, "boolean", "boolean", Map.of());
      case INT -> put(property, "integer", "int", Map.of("format", "i32"));
      case LONG -> put(property, "integer", "bigint", Map.of("format", "i64"));
      case FLOAT -> put(property, "number", "float", Map.of("format", "f32"));
      case DOUBLE -> put(property, "number", "double", Map.of("format", "f64"));
      case BYTES -> put(property, "string", "binary", Map.of("format", "binary"));
      case FIXED ->
          put(
              property,
              "string",
              "binary(" + type.getFixedSize() + ")",
              Map.of("format", "binary"));
      case RECORD -> put(property, "object", "struct", Map.of());
      case ARRAY -> put(property, "array", "array", Map.of());
      case ENUM -> put(property, "string", "enum", Map.of());
      default -> put(property, "string", JsonText.isDeclared(type) ? "json" : "string", Map.of());
    }
  }

  /** Returns the physical type alone. */
  static String physical(Schema type) {
    Map<String, Object> property = new HashMap<>();
    put(property, type);
    return String.valueOf(property.get("physicalType"));
  }

  private static void putLogical(Map<String, Object> property, Schema type) {
    if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      put(
          property,
          "number",
          "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")",
          Map.of());
      return;
    }
    String name = type.getLogicalType().getName();
    switch (name) {
      case "date" -> put(property, "date", "date", Map.of());
      case "uuid" -> put(property, "string", "uuid", Map.of("format", "uuid"));
      case "time-micros", "time-millis" -> put(property, "time", "time", Map.of());
      default ->
          put(
              property,
              "timestamp",
              (name.startsWith("local-") ? "timestamp_ntz" : "timestamp_tz")
                  + (name.endsWith("-nanos") ? "_ns" : ""),
              Map.of("timezone", !name.startsWith("local-")));
    }
  }

  static void put(
      Map<String, Object> property, String logical, String physical, Map<String, Object> options) {
    property.put("logicalType", logical);
    property.put("physicalType", physical);
    if (!options.isEmpty()) {
      property.put("logicalTypeOptions", options);
    }
  }
}
