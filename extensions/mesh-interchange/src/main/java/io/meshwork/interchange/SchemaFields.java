package io.meshwork.interchange;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Writes a schema as fields of OpenLineage: the name, the type as Iceberg writes it, and the fields
 * inside. The element of a list is the field {@code _element}, as the specification of the facet
 * does it; a map has the fields {@code key} and {@code value}.
 */
final class SchemaFields {
  private final Map<String, String> descriptions;

  private SchemaFields(Map<String, String> descriptions) {
    this.descriptions = descriptions;
  }

  static ArrayNode of(Schema schema, Map<String, String> descriptions) {
    return new SchemaFields(descriptions).fields(schema, "");
  }

  private ArrayNode fields(Schema record, String before) {
    ArrayNode fields = JsonNodeFactory.instance.arrayNode();
    for (Schema.Field field : record.getFields()) {
      ObjectNode node = field(field.name(), field.schema(), before + field.name());
      if (!node.has("description") && field.doc() != null && !field.doc().isBlank()) {
        node.put("description", field.doc());
      }
      fields.add(node);
    }
    return fields;
  }

  private ObjectNode field(String name, Schema schema, String path) {
    Schema type = withoutNull(schema);
    ObjectNode field = LineageFacets.object().put("name", name).put("type", typeName(type));
    Optional.ofNullable(descriptions.get(path))
        .filter(text -> !text.isBlank())
        .ifPresent(text -> field.put("description", text));
    switch (type.getType()) {
      case RECORD -> field.set("fields", fields(type, path + "."));
      case ARRAY -> field.putArray("fields").add(field("_element", type.getElementType(), path));
      case MAP ->
          field
              .putArray("fields")
              .add(LineageFacets.object().put("name", "key").put("type", "string"))
              .add(field("value", type.getValueType(), path));
      default -> {
        // A scalar has no fields.
      }
    }
    return field;
  }

  private static Schema withoutNull(Schema schema) {
    return schema.getType() != Schema.Type.UNION
        ? schema
        : schema.getTypes().stream()
            .filter(each -> each.getType() != Schema.Type.NULL)
            .findFirst()
            .orElse(schema);
  }

  private static String typeName(Schema type) {
    LogicalType logical = type.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return "decimal(" + decimal.getPrecision() + ", " + decimal.getScale() + ")";
    }
    if (logical != null) {
      String name = logical.getName();
      return name.startsWith("local-timestamp")
          ? "timestamp"
          : name.startsWith("timestamp") ? "timestamptz" : name.startsWith("time") ? "time" : name;
    }
    return switch (type.getType()) {
      case RECORD -> "struct";
      case ARRAY -> "list";
      case BYTES -> "binary";
      case FIXED -> "fixed[" + type.getFixedSize() + "]";
      default -> type.getType().getName();
    };
  }
}
