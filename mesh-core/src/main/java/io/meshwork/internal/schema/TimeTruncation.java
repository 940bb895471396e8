package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * The property of an Avro time or timestamp that truncates finer values to the unit of the column,
 * towards the past, instead of rejecting them. Stateless.
 */
public final class TimeTruncation {
  /** The property's name; its value is a boolean. */
  public static final String PROPERTY = "meshwork.truncate";

  private static final Set<String> TIMES =
      Set.of(
          "time-millis",
          "time-micros",
          "timestamp-millis",
          "timestamp-micros",
          "local-timestamp-millis",
          "local-timestamp-micros");

  private TimeTruncation() {}

  /** Returns the time type with the property. */
  public static Schema declare(Schema time) {
    time.addProp(PROPERTY, true);
    return time;
  }

  /** Returns true if the type has the property. */
  public static boolean isDeclared(Schema type) {
    return Boolean.TRUE.equals(type.getObjectProp(PROPERTY));
  }

  /**
   * Returns true if values in microseconds or finer may change: the type has the property, and its
   * unit is milliseconds.
   */
  public static boolean changesMicroseconds(Schema type) {
    return isDeclared(type)
        && type.getLogicalType() != null
        && type.getLogicalType().getName().endsWith("-millis");
  }

  /**
   * Returns a schema with the property set or removed.
   *
   * @param columns the columns to change, at every depth; empty for all
   */
  public static String changed(String avroJson, Set<String> columns, boolean truncating) {
    JsonNode schema = SchemaProperties.parsed(avroJson);
    for (JsonNode field : schema.path("fields")) {
      if (columns.isEmpty() || columns.contains(field.path("name").asText())) {
        change(field.path("type"), truncating);
      }
    }
    return schema.toString();
  }

  private static void change(JsonNode node, boolean truncating) {
    if (isTime(node)) {
      ObjectNode time = (ObjectNode) node;
      if (truncating) {
        time.set(PROPERTY, BooleanNode.TRUE);
      } else {
        time.remove(PROPERTY);
      }
    } else if (!node.path("type").isTextual() || !node.path("type").asText().equals("enum")) {
      // Among the attributes of a schema, only these contain types.
      if (node.isArray()) {
        node.forEach(branch -> change(branch, truncating));
      }
      change(node, "type", truncating);
      change(node, "items", truncating);
      change(node, "values", truncating);
      node.path("fields").forEach(field -> change(field, "type", truncating));
    }
  }

  private static void change(JsonNode node, String member, boolean truncating) {
    if (node.path(member).isContainerNode()) {
      change(node.path(member), truncating);
    }
  }

  /** Returns true if a type in JSON is a time or timestamp that can have the property. */
  static boolean isTime(JsonNode node) {
    return node.isObject() && TIMES.contains(node.path("logicalType").asText());
  }
}
